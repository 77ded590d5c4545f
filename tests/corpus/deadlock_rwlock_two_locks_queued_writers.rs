//! Two readers cross over two locks. Readers alone would pass; a queued writer on each lock stops both.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2,3,4
use std::sync::{Barrier, RwLock};
use std::thread;

static A: RwLock<u32> = RwLock::new(0); // (A)
static B: RwLock<u32> = RwLock::new(0); // (B)

fn wait_until_writer_queued(lock: &RwLock<u32>) {
    while lock.try_read().is_ok() {
        thread::yield_now();
    }
}

pub fn main() {
    let both = Barrier::new(3);
    thread::scope(|s| {
        s.spawn(|| {
            let _a = A.read().unwrap(); // (1)
            both.wait();
            wait_until_writer_queued(&B);
            let _b = B.read().unwrap(); // (2)
        });
        s.spawn(|| {
            let _b = B.read().unwrap(); // (3)
            both.wait();
            wait_until_writer_queued(&A);
            let _a = A.read().unwrap(); // (4)
        });
        both.wait();
        s.spawn(|| *A.write().unwrap() += 1);
        s.spawn(|| *B.write().unwrap() += 1);
    });
}

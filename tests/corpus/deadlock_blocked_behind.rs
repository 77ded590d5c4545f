//! Two threads deadlock; three more queue for their locks, and main joins one of those.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2,3,4
use std::sync::{Barrier, Mutex};
use std::thread;

static A: Mutex<u32> = Mutex::new(0); // (A)
static B: Mutex<u32> = Mutex::new(0); // (B)
static HELD: Barrier = Barrier::new(5);

pub fn main() {
    thread::spawn(|| {
        let _a = A.lock().unwrap(); // (1)
        HELD.wait();
        let _b = B.lock().unwrap(); // (2)
    });
    thread::spawn(|| {
        let _b = B.lock().unwrap(); // (3)
        HELD.wait();
        let _a = A.lock().unwrap(); // (4)
    });
    let queued = [&A, &B, &A].map(|lock| {
        thread::spawn(move || {
            HELD.wait();
            *lock.lock().unwrap() += 1;
        })
    });
    for thread in queued {
        thread.join().unwrap();
    }
}

//! A gate made by hand of a flag and a condition variable: it excludes the two orders, but nothing says that the flag
//! is a lock. The finding is wrong; `ext::Lock` around the flag would tell. A tool that took every condition variable
//! for a gate would miss real inversions.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::{Condvar, Mutex};
use std::thread;

static BUSY: Mutex<bool> = Mutex::new(false);
static FREE: Condvar = Condvar::new();
static A: Mutex<u32> = Mutex::new(0); // (A)
static B: Mutex<u32> = Mutex::new(0); // (B)

fn gated(work: impl FnOnce()) {
    let mut busy = FREE.wait_while(BUSY.lock().unwrap(), |busy| *busy).unwrap();
    *busy = true;
    drop(busy);
    work();
    *BUSY.lock().unwrap() = false;
    FREE.notify_one();
}

pub fn main() {
    thread::scope(|s| {
        s.spawn(|| {
            gated(|| {
                let _a = A.lock().unwrap(); // (1)
                *B.lock().unwrap() += 1; // (2)
            });
        });
        s.spawn(|| {
            gated(|| {
                let _b = B.lock().unwrap(); // (3)
                *A.lock().unwrap() += 1; // (4)
            });
        });
    });
    println!("{} {}", A.lock().unwrap(), B.lock().unwrap());
}

//! Either of two threads may notify. In another schedule it is the other one.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

static A: Mutex<u32> = Mutex::new(0); // (A)
static B: Mutex<u32> = Mutex::new(0); // (B)
static READY: Mutex<u32> = Mutex::new(0);
static CHANGED: Condvar = Condvar::new();

fn announce() {
    *READY.lock().unwrap() += 1;
    CHANGED.notify_one();
}

pub fn main() {
    let mut ready = READY.lock().unwrap();
    let first = thread::spawn(|| {
        {
            let _a = A.lock().unwrap(); // (1)
            *B.lock().unwrap() += 1; // (2)
        }
        announce();
    });
    // The second one need not be late.
    let second = thread::spawn(|| {
        thread::sleep(Duration::from_millis(200));
        announce();
    });
    while *ready == 0 {
        ready = CHANGED.wait(ready).unwrap();
    }
    drop(ready);
    {
        let _b = B.lock().unwrap(); // (3)
        *A.lock().unwrap() += 1; // (4)
    }
    for thread in [first, second] {
        thread.join().unwrap();
    }
}

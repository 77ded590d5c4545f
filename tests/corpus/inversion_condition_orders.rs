//! One side comes before a notification, the other after the wait for it: in this run. What made the condition true is not known.
//! expect: rule=lock-order-inversion grade=possible level=warn locks=A,B sites=1,2,3,4
use std::sync::{Condvar, Mutex};
use std::thread;

static A: Mutex<u32> = Mutex::new(0); // (A)
static B: Mutex<u32> = Mutex::new(0); // (B)
static IS_READY: Mutex<bool> = Mutex::new(false);
static READY: Condvar = Condvar::new();

pub fn main() {
    let mut is_ready = IS_READY.lock().unwrap();
    // It cannot say so before the main thread waits.
    let prepares = thread::spawn(|| {
        {
            let _a = A.lock().unwrap(); // (1)
            *B.lock().unwrap() += 1; // (2)
        }
        *IS_READY.lock().unwrap() = true;
        READY.notify_one();
    });
    while !*is_ready {
        is_ready = READY.wait(is_ready).unwrap();
    }
    drop(is_ready);
    {
        let _b = B.lock().unwrap(); // (3)
        *A.lock().unwrap() += 1; // (4)
    }
    prepares.join().unwrap();
}

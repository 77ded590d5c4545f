//! The waiter is notified, but cannot get its mutex back: the notifier still holds it and wants the waiter's other lock.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,3,4
use std::sync::{Barrier, Condvar, Mutex};
use std::thread;

static OUTER: Mutex<u32> = Mutex::new(0); // (A)
static READY: Mutex<bool> = Mutex::new(false); // (B)
static CHANGED: Condvar = Condvar::new();

pub fn main() {
    let holding = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            let mut outer = OUTER.lock().unwrap(); // (1)
            let mut ready = READY.lock().unwrap();
            holding.wait();
            while !*ready {
                ready = CHANGED.wait(ready).unwrap(); // (2)
            }
            *outer += 1;
        });
        s.spawn(|| {
            holding.wait();
            let mut ready = READY.lock().unwrap(); // (3)
            *ready = true;
            CHANGED.notify_one();
            *OUTER.lock().unwrap() += 1; // (4)
        });
    });
}

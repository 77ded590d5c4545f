//! The first lock of one thread was taken with `try_lock`; held is held.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2,3,4
use std::sync::{Barrier, Mutex};
use std::thread;

pub fn main() {
    let a = Mutex::new(()); // (A)
    let b = Mutex::new(()); // (B)
    let both = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            let _a = a.try_lock().unwrap(); // (1)
            both.wait();
            let _b = b.lock().unwrap(); // (2)
        });
        s.spawn(|| {
            let _b = b.lock().unwrap(); // (3)
            both.wait();
            let _a = a.lock().unwrap(); // (4)
        });
    });
}

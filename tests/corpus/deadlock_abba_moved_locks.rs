//! The locks move in memory between their first use and the deadlock.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2,3,4
use std::sync::{Barrier, Mutex};
use std::thread;

pub fn main() {
    let first = Mutex::new(0); // (A)
    let second = Mutex::new(0); // (B)
    *first.lock().unwrap() += 1;
    *second.lock().unwrap() += 1;
    let mut locks = Vec::with_capacity(1);
    locks.push(first);
    locks.push(second);
    *locks[1].lock().unwrap() += 1;
    let locks = locks.into_boxed_slice();

    let both = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            let _a = locks[0].lock().unwrap(); // (1)
            both.wait();
            let _b = locks[1].lock().unwrap(); // (2)
        });
        s.spawn(|| {
            let _b = locks[1].lock().unwrap(); // (3)
            both.wait();
            let _a = locks[0].lock().unwrap(); // (4)
        });
    });
}

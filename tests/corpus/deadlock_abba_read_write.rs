//! Both hold a read lock and want to write the other's.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2,3,4
use std::sync::{Barrier, RwLock};
use std::thread;

pub fn main() {
    let old = RwLock::new(1); // (A)
    let new = RwLock::new(2); // (B)
    let both = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            let value = old.read().unwrap(); // (1)
            both.wait();
            *new.write().unwrap() = *value; // (2)
        });
        s.spawn(|| {
            let value = new.read().unwrap(); // (3)
            both.wait();
            *old.write().unwrap() = *value; // (4)
        });
    });
}

//! One side writes the gate, the other reads it: still exclusive.
//! expect: none
use std::sync::{Mutex, RwLock};
use std::thread;

pub fn main() {
    let gate = RwLock::new(());
    let a = Mutex::new(0);
    let b = Mutex::new(0);
    thread::scope(|s| {
        s.spawn(|| {
            for _ in 0..50 {
                let _gate = gate.write().unwrap();
                let _a = a.lock().unwrap();
                *b.lock().unwrap() += 1;
            }
        });
        s.spawn(|| {
            for _ in 0..50 {
                let _gate = gate.read().unwrap();
                let _b = b.lock().unwrap();
                *a.lock().unwrap() += 1;
            }
        });
    });
    println!("{} {}", a.into_inner().unwrap(), b.into_inner().unwrap());
}

//! Two threads take two mutexes in opposite orders; a barrier makes both hold their first.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2,3,4
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

pub fn main() {
    let a = Arc::new(Mutex::new(0)); // (A)
    let b = Arc::new(Mutex::new(0)); // (B)
    let both = Arc::new(Barrier::new(2));

    let (a1, b1, both1) = (Arc::clone(&a), Arc::clone(&b), Arc::clone(&both));
    let left = thread::spawn(move || {
        let _a = a1.lock().unwrap(); // (1)
        both1.wait();
        let _b = b1.lock().unwrap(); // (2)
    });
    let right = thread::spawn(move || {
        let _b = b.lock().unwrap(); // (3)
        both.wait();
        let _a = a.lock().unwrap(); // (4)
    });
    left.join().unwrap();
    right.join().unwrap();
}

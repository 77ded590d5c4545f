//! Each reads its own lock and writes the other's.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::{Arc, RwLock};
use std::thread;
use std::time::Duration;

pub fn main() {
    let left = Arc::new(RwLock::new(1)); // (A)
    let right = Arc::new(RwLock::new(2)); // (B)
    let (left2, right2) = (Arc::clone(&left), Arc::clone(&right));
    let first = thread::spawn(move || {
        let value = left2.read().unwrap(); // (1)
        *right2.write().unwrap() += *value; // (2)
    });
    thread::sleep(Duration::from_millis(200));
    {
        let value = right.read().unwrap(); // (3)
        *left.write().unwrap() += *value; // (4)
    }
    first.join().unwrap();
    println!("{} {}", left.read().unwrap(), right.read().unwrap());
}

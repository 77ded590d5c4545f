//! The locks are used on the stack, in order; then they move to the heap, and are still the same locks.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

fn sum(pair: &(Mutex<u32>, Mutex<u32>)) -> u32 {
    let first = pair.0.lock().unwrap(); // (1)
    *first + *pair.1.lock().unwrap() // (2)
}

pub fn main() {
    let a = Mutex::new(1); // (A)
    let b = Mutex::new(2); // (B)
    let pair = (a, b);
    let before = sum(&pair);
    let pair = Arc::new(pair);
    let other = Arc::clone(&pair);
    let child = thread::spawn(move || {
        let second = other.1.lock().unwrap(); // (3)
        *second + *other.0.lock().unwrap() // (4)
    });
    thread::sleep(Duration::from_millis(200));
    println!("{before} {} {}", sum(&pair), child.join().unwrap());
}

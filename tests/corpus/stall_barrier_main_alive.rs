//! Two of three have arrived; main could be the third.
//! expect: none end=killed
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

fn main() {
    let barrier = Arc::new(Barrier::new(3));
    for _ in 0..2 {
        let barrier = Arc::clone(&barrier);
        thread::spawn(move || barrier.wait());
    }
    loop {
        thread::sleep(Duration::from_millis(10));
    }
}

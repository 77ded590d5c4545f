//! Two of three have arrived; main could be the third, but only wakes and sleeps.
//! expect: rule=stall grade=observed held=1s end=killed threads=2 locks=A sites=1
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

pub fn main() {
    let barrier = Arc::new(Barrier::new(3)); // (A)
    for _ in 0..2 {
        let barrier = Arc::clone(&barrier);
        thread::spawn(move || barrier.wait()); // (1)
    }
    loop {
        thread::sleep(Duration::from_millis(10));
    }
}

//! The notification was too early; main lives and could notify again, so nothing is proved.
//! expect: none held=1s end=killed
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

pub fn main() {
    let pair = Arc::new((Mutex::new(false), Condvar::new()));
    pair.1.notify_one();
    let waiter = Arc::clone(&pair);
    thread::spawn(move || {
        let seen = waiter.0.lock().unwrap();
        drop(waiter.1.wait_while(seen, |seen| !*seen));
    });
    loop {
        thread::sleep(Duration::from_millis(10));
    }
}

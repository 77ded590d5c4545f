//! The notification was too early, and main joins the waiter. A third thread lives, but it only wakes and sleeps, and has never notified.
//! expect: rule=stall grade=observed held=1s end=killed threads=2 locks=A sites=1,2
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

pub fn main() {
    let pair = Arc::new((Mutex::new(()), Condvar::new())); // (A)
    let theirs = Arc::clone(&pair);
    thread::spawn(|| {
        loop {
            thread::sleep(Duration::from_millis(20));
        }
    });
    pair.1.notify_one();
    let waiter = thread::spawn(move || {
        let guard = theirs.0.lock().unwrap();
        drop(theirs.1.wait(guard)); // (1)
    });
    waiter.join().unwrap(); // (2)
}

//! The notification comes before the wait and leaves no trace; then every thread of the process waits.
//! expect: rule=deadlock grade=observed sites=1
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

pub fn main() {
    let pair = Arc::new((Mutex::new(false), Condvar::new()));
    let notifier = Arc::clone(&pair);
    thread::spawn(move || notifier.1.notify_one()).join().unwrap();
    let waiter = thread::spawn(move || {
        let (flag, changed) = &*pair;
        let mut seen = flag.lock().unwrap();
        while !*seen {
            seen = changed.wait(seen).unwrap(); // (1)
        }
    });
    waiter.join().unwrap();
}

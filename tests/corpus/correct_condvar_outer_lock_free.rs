//! The waiter holds a second lock during the wait, but the notifier does not need it.
//! expect: none
use std::sync::{Condvar, Mutex};
use std::thread;

static REPORT: Mutex<Vec<u32>> = Mutex::new(Vec::new());
static READY: Mutex<bool> = Mutex::new(false);
static CHANGED: Condvar = Condvar::new();

pub fn main() {
    thread::scope(|s| {
        s.spawn(|| {
            let mut report = REPORT.lock().unwrap();
            let ready = CHANGED.wait_while(READY.lock().unwrap(), |ready| !*ready).unwrap();
            report.push(u32::from(*ready));
        });
        s.spawn(|| {
            *READY.lock().unwrap() = true;
            CHANGED.notify_all();
        });
    });
    println!("{:?}", REPORT.lock().unwrap());
}

//! A lock's guard was forgotten by a thread that lives on and does other things; a second thread waits for the lock.
//! A forgotten guard can still be given back by unsafe code, but the waiter is stuck as far as anybody can see.
//! expect: none end=killed
use std::sync::{Barrier, Mutex};
use std::thread;
use std::time::Duration;

static LOST: Mutex<u32> = Mutex::new(0);
static FORGOTTEN: Barrier = Barrier::new(2);

fn main() {
    std::mem::forget(LOST.lock().unwrap());
    thread::spawn(|| {
        FORGOTTEN.wait();
        *LOST.lock().unwrap() += 1;
    });
    FORGOTTEN.wait();
    loop {
        thread::sleep(Duration::from_millis(10));
    }
}

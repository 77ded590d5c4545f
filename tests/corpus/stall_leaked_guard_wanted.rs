//! A lock's guard was forgotten by a thread that lives on and does other things; a second thread waits for the lock.
//! A forgotten guard can still be given back by unsafe code, but the waiter is held up by a thread that goes round a loop.
//! expect: rule=stall grade=observed held=1s end=killed threads=2 locks=A sites=1,2
use std::sync::{Barrier, Mutex};
use std::thread;
use std::time::Duration;

static LOST: Mutex<u32> = Mutex::new(0); // (A)
static FORGOTTEN: Barrier = Barrier::new(2);

pub fn main() {
    std::mem::forget(LOST.lock().unwrap()); // (1)
    thread::spawn(|| {
        FORGOTTEN.wait();
        *LOST.lock().unwrap() += 1; // (2)
    });
    FORGOTTEN.wait();
    loop {
        thread::sleep(Duration::from_millis(10));
    }
}

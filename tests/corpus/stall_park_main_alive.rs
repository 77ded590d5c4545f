//! A thread is parked with a lock that another wants; main holds a handle and could unpark it.
//! expect: rule=stall grade=observed held=1s end=killed threads=2 locks=A sites=1,2,3
use std::sync::{Barrier, Mutex};
use std::thread;
use std::time::Duration;

static STATE: Mutex<u32> = Mutex::new(0); // (A)
static TAKEN: Barrier = Barrier::new(2);

pub fn main() {
    let parked = thread::spawn(|| {
        let _state = STATE.lock().unwrap(); // (1)
        TAKEN.wait();
        loop {
            thread::park(); // (2)
        }
    });
    TAKEN.wait();
    thread::spawn(|| *STATE.lock().unwrap() += 1); // (3)
    while !parked.is_finished() {
        thread::sleep(Duration::from_millis(10));
    }
}

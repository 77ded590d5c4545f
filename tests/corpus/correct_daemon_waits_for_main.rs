//! A daemon waits for a lock that main holds until the process ends.
//! expect: none
use std::sync::{Barrier, Mutex};
use std::thread;

static OUTPUT: Mutex<u32> = Mutex::new(0);
static STARTED: Barrier = Barrier::new(2);

pub fn main() {
    let mut output = OUTPUT.lock().unwrap();
    thread::spawn(|| {
        STARTED.wait();
        *OUTPUT.lock().unwrap() += 1;
    });
    STARTED.wait();
    for _ in 0..100 {
        *output += 1;
        thread::yield_now();
    }
    println!("{output}");
}

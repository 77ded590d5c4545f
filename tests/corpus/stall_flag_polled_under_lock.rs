//! A thread polls a flag under the lock that the one needs which would set it: a deadlock of which one side only sleeps and looks.
//! expect: rule=stall grade=observed held=1s end=killed threads=2 locks=A sites=1,2
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Barrier, Mutex};
use std::thread;
use std::time::Duration;

static STATE: Mutex<u32> = Mutex::new(0); // (A)
static READY: AtomicBool = AtomicBool::new(false);
static LOCKED: Barrier = Barrier::new(2);

pub fn main() {
    thread::spawn(|| {
        LOCKED.wait();
        *STATE.lock().unwrap() += 1; // (1)
        READY.store(true, Ordering::Release);
    });
    let state = STATE.lock().unwrap(); // (2)
    LOCKED.wait();
    while !READY.load(Ordering::Acquire) {
        thread::sleep(Duration::from_millis(10));
    }
    println!("{state}");
}

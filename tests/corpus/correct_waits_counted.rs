//! Threads that wait long are asked where they do; they must not notice. Each wake-up of a condition variable is one notification, and of
//! a parked thread one unpark.
//! expect: none held=300ms
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

static STATE: Mutex<u32> = Mutex::new(0);
static CHANGED: Condvar = Condvar::new();
static GO: AtomicBool = AtomicBool::new(false);

pub fn main() {
    let waiter = thread::spawn(|| {
        let mut woken = 0;
        let mut state = STATE.lock().unwrap();
        while *state < 2 {
            state = CHANGED.wait(state).unwrap();
            woken += 1;
        }
        woken
    });
    let parked = thread::spawn(|| {
        let mut woken = 0;
        while !GO.load(Ordering::Acquire) {
            thread::park();
            woken += 1;
        }
        woken
    });
    for round in 1..=2 {
        thread::sleep(Duration::from_millis(1000));
        *STATE.lock().unwrap() = round;
        CHANGED.notify_all();
    }
    GO.store(true, Ordering::Release);
    parked.thread().unpark();
    println!("{} {}", waiter.join().unwrap(), parked.join().unwrap());
}

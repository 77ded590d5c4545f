//! `wait` takes its mutex again while another lock is held: that is an order too, and it is the opposite one.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=3,4,5
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

static STATE: Mutex<u32> = Mutex::new(0); // (A)
static CACHE: Mutex<u32> = Mutex::new(0); // (B)
static CHANGED: Condvar = Condvar::new();

pub fn main() {
    let waiter = thread::spawn(|| {
        let state = STATE.lock().unwrap();
        let mut cache = CACHE.lock().unwrap(); // (3)
        let (state, _) = CHANGED.wait_timeout(state, Duration::from_millis(20)).unwrap(); // (4)
        *cache += *state;
    });
    let updater = thread::spawn(|| {
        thread::sleep(Duration::from_millis(300));
        let mut state = STATE.lock().unwrap(); // (5)
        *state += 1;
        *CACHE.lock().unwrap() += 1;
    });
    waiter.join().unwrap();
    updater.join().unwrap();
    println!("{}", CACHE.lock().unwrap());
}

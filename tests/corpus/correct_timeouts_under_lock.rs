//! Everybody else is blocked, but the one who could help them only waits for a time.
//! expect: none
use std::sync::{Arc, Barrier, Condvar, Mutex};
use std::thread;
use std::time::Duration;

pub fn main() {
    let shared = Arc::new((Mutex::new(0), Mutex::new(false), Condvar::new()));
    let locked = Arc::new(Barrier::new(2));
    let (shared2, locked2) = (Arc::clone(&shared), Arc::clone(&locked));
    let patient = thread::spawn(move || {
        let mut value = shared2.0.lock().unwrap();
        locked2.wait();
        let stop = shared2.1.lock().unwrap();
        let (stop, timeout) =
            shared2.2.wait_timeout_while(stop, Duration::from_millis(100), |s| !*s).unwrap();
        *value += u32::from(timeout.timed_out()) + u32::from(*stop);
    });
    locked.wait();
    let value = *shared.0.lock().unwrap();
    patient.join().unwrap();
    println!("{value}");
}

//! Waits that time out come first and are no deadlock; the crossing after them is.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2,3,4
use std::sync::{Barrier, Condvar, Mutex, mpsc};
use std::thread;
use std::time::Duration;

static A: Mutex<bool> = Mutex::new(false); // (A)
static B: Mutex<bool> = Mutex::new(false); // (B)
static NEVER: Condvar = Condvar::new();

pub fn main() {
    let both = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            let a = A.lock().unwrap();
            let (_a, late) = NEVER.wait_timeout(a, Duration::from_millis(5)).unwrap(); // (1)
            assert!(late.timed_out());
            both.wait();
            let _b = B.lock().unwrap(); // (2)
        });
        s.spawn(|| {
            let (_sender, receiver) = mpsc::channel::<()>();
            assert!(receiver.recv_timeout(Duration::from_millis(5)).is_err());
            let _b = B.lock().unwrap(); // (3)
            both.wait();
            let _a = A.lock().unwrap(); // (4)
        });
    });
}

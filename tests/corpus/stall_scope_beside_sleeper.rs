//! Two threads wait for one notification each, and only one comes. Another thread sleeps for an hour; it has never notified.
//! expect: rule=stall grade=observed held=1s end=killed sites=1
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

static TURNS: Mutex<u32> = Mutex::new(0);
static TURN: Condvar = Condvar::new();

pub fn main() {
    thread::spawn(|| {
        *TURNS.lock().unwrap() += 0;
        thread::sleep(Duration::from_secs(3600));
    });
    thread::scope(|scope| {
        let waiter = || {
            let mut turns = TURNS.lock().unwrap();
            while *turns == 0 {
                turns = TURN.wait(turns).unwrap(); // (1)
            }
            *turns -= 1;
        };
        scope.spawn(waiter);
        scope.spawn(waiter);
        *TURNS.lock().unwrap() += 1;
        TURN.notify_one();
    });
}

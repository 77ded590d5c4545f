//! `OnceLock::wait` under the lock that the initialising thread needs.
//! expect: rule=deadlock grade=observed locks=A sites=1,2,3
use std::sync::{Barrier, Mutex, OnceLock};
use std::thread;

static READY: OnceLock<u32> = OnceLock::new();
static STATE: Mutex<u32> = Mutex::new(0); // (A)

pub fn main() {
    let locked = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            let mut state = STATE.lock().unwrap(); // (1)
            locked.wait();
            *state = *READY.wait(); // (2)
        });
        s.spawn(|| {
            locked.wait();
            let state = STATE.lock().unwrap(); // (3)
            READY.set(*state).unwrap();
        });
    });
}

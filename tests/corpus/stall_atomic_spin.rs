//! Two threads wait for each other's flag in a loop of their own: there is nothing to see but running threads.
//! expect: none held=1s end=killed
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

static READY: [AtomicBool; 2] = [AtomicBool::new(false), AtomicBool::new(false)];
static LOCK: Mutex<u32> = Mutex::new(0);

fn wait_for_other(me: usize) {
    *LOCK.lock().unwrap() += 1;
    while !READY[1 - me].load(Ordering::Acquire) {
        thread::sleep(Duration::from_millis(5));
    }
    READY[me].store(true, Ordering::Release);
}

pub fn main() {
    thread::scope(|s| {
        s.spawn(|| wait_for_other(0));
        wait_for_other(1);
    });
}

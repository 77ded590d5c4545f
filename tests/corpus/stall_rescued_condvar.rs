//! Looks like a lost wakeup for a while; then main notifies after all, and everything ends well.
//! expect: none
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

static FLAG: Mutex<bool> = Mutex::new(false);
static SET: Condvar = Condvar::new();

pub fn main() {
    SET.notify_all();
    let waiters = [0, 1]
        .map(|_| thread::spawn(|| *SET.wait_while(FLAG.lock().unwrap(), |set| !*set).unwrap()));
    thread::sleep(Duration::from_millis(300));
    *FLAG.lock().unwrap() = true;
    SET.notify_all();
    println!("{:?}", waiters.map(|w| w.join().unwrap()));
}

//! A thread parks with the lock that its waker takes before it unparks.
//! expect: rule=deadlock grade=observed locks=A sites=1,2,3
use std::sync::{Barrier, Mutex};
use std::thread;

static MAILBOX: Mutex<Option<u32>> = Mutex::new(None); // (A)
static LOCKED: Barrier = Barrier::new(2);

pub fn main() {
    let sleeper = thread::spawn(|| {
        let mailbox = MAILBOX.lock().unwrap(); // (1)
        LOCKED.wait();
        while mailbox.is_none() {
            thread::park(); // (2)
        }
    });
    LOCKED.wait();
    *MAILBOX.lock().unwrap() = Some(1); // (3)
    sleeper.thread().unpark();
    sleeper.join().unwrap();
}

//! Waits that are meant to time out: channel, condition variable, park.
//! expect: none
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

const SHORT: Duration = Duration::from_millis(10);

pub fn main() {
    let (_sender, receiver) = mpsc::channel::<u32>();
    println!("{}", receiver.recv_timeout(SHORT) == Err(RecvTimeoutError::Timeout));
    let never = Condvar::new();
    let flag = Mutex::new(false);
    let (guard, result) =
        never.wait_timeout_while(flag.lock().unwrap(), SHORT, |set| !*set).unwrap();
    println!("{} {}", *guard, result.timed_out());
    drop(guard);
    thread::park_timeout(SHORT);
    println!("end");
}

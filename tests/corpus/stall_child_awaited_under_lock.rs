//! A thread waits for a program, which does not end soon, under a lock that another wants; main lives.
//! expect: rule=stall grade=observed held=1s end=killed threads=2 locks=A sites=1,2
use std::process::Command;
use std::sync::{Barrier, Mutex};
use std::thread;
use std::time::Duration;

static JOBS: Mutex<u32> = Mutex::new(0); // (A)
static LOCKED: Barrier = Barrier::new(2);

pub fn main() {
    thread::spawn(|| {
        let mut jobs = JOBS.lock().unwrap(); // (1)
        LOCKED.wait();
        Command::new("sleep").arg("30").status().unwrap();
        *jobs += 1;
    });
    thread::spawn(|| {
        LOCKED.wait();
        *JOBS.lock().unwrap() += 1; // (2)
    });
    loop {
        thread::sleep(Duration::from_millis(10));
    }
}

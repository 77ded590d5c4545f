//! Two have arrived; the third is stuck behind a lock that one of the two holds.
//! expect: rule=deadlock grade=observed locks=A sites=1,2,3
use std::sync::{Barrier, Mutex};
use std::thread;

static SHARED: Mutex<u32> = Mutex::new(0); // (A)
static LOCKED: Barrier = Barrier::new(2);
static PHASE: Barrier = Barrier::new(3);

fn holder() {
    let mut shared = SHARED.lock().unwrap(); // (1)
    LOCKED.wait();
    PHASE.wait(); // (2)
    *shared += 1;
}

fn idle() {
    PHASE.wait();
}

fn late() {
    LOCKED.wait();
    *SHARED.lock().unwrap() += 1; // (3)
    PHASE.wait();
}

pub fn main() {
    let threads = [thread::spawn(holder), thread::spawn(idle), thread::spawn(late)];
    threads.into_iter().for_each(|t| t.join().unwrap());
}

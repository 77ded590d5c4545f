//! Two deadlocks in one process at once; at least one is reported.
//! expect: rule=deadlock grade=observed sites=1,2 threads=2
use std::sync::{Barrier, Mutex};
use std::thread;

static LOCKS: [Mutex<u32>; 4] = [const { Mutex::new(0) }; 4]; // (A)
static ALL: Barrier = Barrier::new(4);

fn cross(first: usize, second: usize) {
    let mut first = LOCKS[first].lock().unwrap(); // (1)
    ALL.wait();
    *first += *LOCKS[second].lock().unwrap(); // (2)
}

pub fn main() {
    thread::scope(|s| {
        s.spawn(|| cross(0, 1));
        s.spawn(|| cross(1, 0));
        s.spawn(|| cross(2, 3));
        s.spawn(|| cross(3, 2));
    });
}

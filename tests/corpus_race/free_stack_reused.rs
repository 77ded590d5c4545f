//! Threads that nobody joins track places on their stacks; the next thread gets the same memory.
use instrumented_sync::thread;
use instrumented_sync::{track_read, track_write};
use std::sync::atomic::{AtomicUsize, Ordering};

static DONE: AtomicUsize = AtomicUsize::new(0);

fn work() {
    let mut scratch = [0_u64; 64];
    for index in 0..scratch.len() {
        let before = track_read!(scratch[index]);
        track_write!(scratch[index], before + 1);
    }
    assert_eq!(scratch.iter().sum::<u64>(), 64);
    DONE.fetch_add(1, Ordering::Release);
}

pub fn main() {
    for round in 1..=50 {
        thread::spawn(work);
        // By an atomic variable of std's, which orders nothing that we see.
        while DONE.load(Ordering::Acquire) < round {
            thread::yield_now();
        }
    }
}

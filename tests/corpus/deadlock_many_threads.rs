//! Forty threads in a ring of forty locks.
//! expect: rule=deadlock grade=observed locks=A sites=1,2 threads=40
use std::sync::{Barrier, Mutex};
use std::thread;

pub fn main() {
    let ring: Vec<Mutex<usize>> = (0..40).map(|_| Mutex::new(1)).collect(); // (A)
    let all = Barrier::new(ring.len());
    thread::scope(|s| {
        for seat in 0..ring.len() {
            let (ring, all) = (&ring, &all);
            s.spawn(move || {
                let mut here = ring[seat].lock().unwrap(); // (1)
                all.wait();
                let next = ring[(seat + 1) % ring.len()].lock().unwrap(); // (2)
                *here = *next;
            });
        }
    });
}

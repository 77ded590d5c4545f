//! One thread waits at a barrier with a lock that the other needs to get there.
//! expect: rule=deadlock grade=observed locks=A sites=1,2,3
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

pub fn main() {
    let board = Arc::new(Mutex::new(0)); // (A)
    let round = Arc::new(Barrier::new(2));
    let started = Arc::new(Barrier::new(2));
    let (board2, round2, started2) = (Arc::clone(&board), Arc::clone(&round), Arc::clone(&started));
    let first = thread::spawn(move || {
        let mut board = board2.lock().unwrap(); // (1)
        started2.wait();
        round2.wait(); // (2)
        *board += 1;
    });
    let second = thread::spawn(move || {
        started.wait();
        *board.lock().unwrap() += 1; // (3)
        round.wait();
    });
    first.join().unwrap();
    second.join().unwrap();
}

//! Two threads unpark each other in turns.
//! expect: none
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

fn main() {
    let turn = Arc::new(AtomicU32::new(0));
    let main_thread = thread::current();
    let other_turn = Arc::clone(&turn);
    let other = thread::spawn(move || {
        for round in 0..20 {
            while other_turn.load(Ordering::Acquire) != 2 * round + 1 {
                thread::park();
            }
            other_turn.store(2 * round + 2, Ordering::Release);
            main_thread.unpark();
        }
    });
    for round in 0..20 {
        turn.store(2 * round + 1, Ordering::Release);
        other.thread().unpark();
        while turn.load(Ordering::Acquire) != 2 * round + 2 {
            thread::park();
        }
    }
    other.join().unwrap();
    println!("{}", turn.load(Ordering::Relaxed));
}

//! Two threads unpark each other in turns.
//! expect: none
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

static ROUNDS: Mutex<u32> = Mutex::new(0);

pub fn main() {
    let turn = Arc::new(AtomicU32::new(0));
    let main_thread = thread::current();
    let other_turn = Arc::clone(&turn);
    let other = thread::spawn(move || {
        for round in 0..20 {
            while other_turn.load(Ordering::Acquire) != 2 * round + 1 {
                thread::park();
            }
            *ROUNDS.lock().unwrap() += 1;
            other_turn.store(2 * round + 2, Ordering::Release);
            main_thread.unpark();
        }
    });
    for round in 0..20 {
        *ROUNDS.lock().unwrap() += 1;
        turn.store(2 * round + 1, Ordering::Release);
        other.thread().unpark();
        while turn.load(Ordering::Acquire) != 2 * round + 2 {
            thread::park();
        }
    }
    other.join().unwrap();
    println!("{} {}", turn.load(Ordering::Relaxed), ROUNDS.lock().unwrap());
}

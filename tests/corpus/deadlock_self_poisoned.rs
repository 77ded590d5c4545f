//! The lock is poisoned, recovered, and then locked twice.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

pub fn main() {
    let state = Arc::new(Mutex::new(5)); // (A)
    let child = Arc::clone(&state);
    let failed = thread::spawn(move || {
        let _guard = child.lock().unwrap();
        std::panic::resume_unwind(Box::new("gives up"));
    })
    .join();
    assert!(failed.is_err() && state.is_poisoned());
    let first = state.lock().unwrap_or_else(PoisonError::into_inner); // (1)
    let second = state.lock().unwrap_or_else(PoisonError::into_inner); // (2)
    println!("{first} {second}");
}

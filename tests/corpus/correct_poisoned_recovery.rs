//! A thread panics with a lock; the others recover the value and clear the poison.
//! expect: none
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread;

pub fn main() {
    let pair = Arc::new((Mutex::new(1), RwLock::new(2)));
    let other = Arc::clone(&pair);
    let result = thread::spawn(move || {
        let _mutex = other.0.lock().unwrap();
        let _writer = other.1.write().unwrap();
        std::panic::resume_unwind(Box::new("expected"));
    })
    .join();
    println!("{} {} {}", result.is_err(), pair.0.is_poisoned(), pair.1.is_poisoned());
    *pair.0.lock().unwrap_or_else(PoisonError::into_inner) += 1;
    pair.0.clear_poison();
    pair.1.clear_poison();
    let mutex = pair.0.lock().unwrap();
    println!("{} {}", *mutex, *pair.1.read().unwrap());
}

//! A guard made inside the scope's closure is its value, so it lives past the threads' end.
//! expect: rule=deadlock grade=observed locks=A sites=1,2
use std::sync::{Barrier, Mutex};
use std::thread;

pub fn main() {
    let score = Mutex::new(0); // (A)
    let locked = Barrier::new(2);
    let score = thread::scope(|s| {
        s.spawn(|| {
            locked.wait();
            *score.lock().unwrap() += 1; // (2)
        });
        let guard = score.lock().unwrap(); // (1)
        locked.wait();
        guard
    });
    println!("{score}");
}

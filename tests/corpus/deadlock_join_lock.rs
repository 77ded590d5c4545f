//! The parent joins its child while it holds the lock that the child wants.
//! expect: rule=deadlock grade=observed locks=A sites=1,2,3
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

pub fn main() {
    let results = Arc::new(Mutex::new(Vec::new())); // (A)
    let locked = Arc::new(Barrier::new(2));
    let (results2, locked2) = (Arc::clone(&results), Arc::clone(&locked));
    let child = thread::spawn(move || {
        locked2.wait();
        results2.lock().unwrap().push(1); // (1)
    });
    let results = results.lock().unwrap(); // (2)
    locked.wait();
    child.join().unwrap(); // (3)
    println!("{}", results.len());
}

//! The owner of a scope reaches its end with a lock that a scoped thread wants.
//! expect: rule=deadlock grade=observed locks=A sites=1,2
use std::sync::Mutex;
use std::thread;

pub fn main() {
    let words = Mutex::new(vec!["a"]); // (A)
    let held = words.lock().unwrap(); // (1)
    thread::scope(|s| {
        s.spawn(|| words.lock().unwrap().push("b")); // (2)
        s.spawn(|| println!("free"));
    });
    println!("{}", held.len());
}

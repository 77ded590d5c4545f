//! A thread that has ended took its guard with it.
//! expect: rule=deadlock|self-deadlock grade=observed locks=A sites=1,2
use std::sync::{Arc, Mutex};
use std::{mem, thread};

pub fn main() {
    let m = Arc::new(Mutex::new(1)); // (A)
    let n = m.clone();
    thread::spawn(move || mem::forget(n.lock().unwrap())).join().unwrap(); // (1)
    println!("{}", m.lock().unwrap()); // (2)
}

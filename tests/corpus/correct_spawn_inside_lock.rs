//! Threads are spawned, but not joined, while a lock that they want is held.
//! expect: none
use std::sync::{Arc, Mutex};
use std::thread;

pub fn main() {
    let list = Arc::new(Mutex::new(Vec::new()));
    let mut held = list.lock().unwrap();
    let children: Vec<_> = (0..3)
        .map(|n| {
            let list = Arc::clone(&list);
            thread::spawn(move || list.lock().unwrap().push(n))
        })
        .collect();
    held.push(9);
    drop(held);
    for child in children {
        child.join().unwrap();
    }
    println!("{}", list.lock().unwrap().len());
}

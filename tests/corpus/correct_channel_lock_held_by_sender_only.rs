//! The receiver waits with a lock that no sender needs.
//! expect: none
use std::sync::{Mutex, mpsc};
use std::thread;

static RESULTS: Mutex<Vec<u32>> = Mutex::new(Vec::new());

pub fn main() {
    let (sender, receiver) = mpsc::channel();
    let collector = thread::spawn(move || {
        let mut results = RESULTS.lock().unwrap();
        for value in receiver {
            results.push(value);
        }
        results.len()
    });
    for value in 0..50 {
        sender.send(value).unwrap();
        thread::yield_now();
    }
    drop(sender);
    println!("{}", collector.join().unwrap());
}

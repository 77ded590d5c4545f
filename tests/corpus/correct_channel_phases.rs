//! A message separates the phases: it is sent after the first order and received before the second.
//! expect: none
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

pub fn main() {
    let a = Arc::new(Mutex::new(0));
    let b = Arc::new(Mutex::new(0));
    let (done, wait) = mpsc::channel();
    let (a1, b1) = (Arc::clone(&a), Arc::clone(&b));
    let first = thread::spawn(move || {
        {
            let _a = a1.lock().unwrap();
            *b1.lock().unwrap() += 1;
        }
        done.send(()).unwrap();
    });
    let second = thread::spawn(move || {
        wait.recv().unwrap();
        let _b = b.lock().unwrap();
        *a.lock().unwrap() += 1;
    });
    first.join().unwrap();
    second.join().unwrap();
    println!("done");
}

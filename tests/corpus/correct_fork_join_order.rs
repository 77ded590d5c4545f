//! The second thread starts after the first was joined.
//! expect: none
use std::sync::{Arc, Mutex};
use std::thread;

pub fn main() {
    let a = Arc::new(Mutex::new(0));
    let b = Arc::new(Mutex::new(0));
    let (a1, b1) = (Arc::clone(&a), Arc::clone(&b));
    thread::spawn(move || {
        let _a = a1.lock().unwrap();
        *b1.lock().unwrap() += 1;
    })
    .join()
    .unwrap();
    let (a2, b2) = (Arc::clone(&a), Arc::clone(&b));
    thread::spawn(move || {
        let _b = b2.lock().unwrap();
        *a2.lock().unwrap() += 1;
    })
    .join()
    .unwrap();
    println!("{} {}", a.lock().unwrap(), b.lock().unwrap());
}

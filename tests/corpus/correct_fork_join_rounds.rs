//! Rounds of fork and join: the parent nests one way before and after each child, which nests the other way.
//! expect: none
use std::sync::{Arc, Mutex};
use std::thread;

fn nest(outer: &Mutex<u32>, inner: &Mutex<u32>) {
    let mut outer = outer.lock().unwrap();
    *inner.lock().unwrap() += 1;
    *outer += 1;
}

pub fn main() {
    let pair = Arc::new((Mutex::new(0), Mutex::new(0)));
    for _ in 0..12 {
        nest(&pair.0, &pair.1);
        let pair = Arc::clone(&pair);
        thread::spawn(move || nest(&pair.1, &pair.0)).join().unwrap();
    }
    nest(&pair.0, &pair.1);
    println!("{}", pair.0.lock().unwrap());
}

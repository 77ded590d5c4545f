//! Main panics with a guard in hand while daemons wait for it: code 101.
//! expect: none program=101
use std::sync::{Arc, Mutex};
use std::thread;

pub fn main() {
    let m = Arc::new(Mutex::new(vec![1]));
    let g = m.lock().unwrap();
    let n = m.clone();
    thread::spawn(move || {
        while let Ok(mut v) = n.lock() {
            v.clear();
        }
    });
    println!("{}", g[0]);
    assert!(g.is_empty(), "not empty");
}

//! The locks of all shards come from the same two lines; each shard has its own order, and never meets another.
//! expect: none
use std::sync::{Arc, Mutex};
use std::thread;

struct Shard {
    rows: Mutex<u32>,
    index: Mutex<u32>,
}

impl Shard {
    fn new() -> Arc<Self> {
        Arc::new(Self { rows: Mutex::new(0), index: Mutex::new(0) })
    }
}

pub fn main() {
    let (even, odd) = (Shard::new(), Shard::new());
    let first = thread::spawn(move || {
        for _ in 0..50 {
            let mut rows = even.rows.lock().unwrap();
            *even.index.lock().unwrap() += 1;
            *rows += 1;
        }
        *even.rows.lock().unwrap()
    });
    let second = thread::spawn(move || {
        for _ in 0..50 {
            let mut index = odd.index.lock().unwrap();
            *odd.rows.lock().unwrap() += 1;
            *index += 1;
        }
        *odd.rows.lock().unwrap()
    });
    println!("{} {}", first.join().unwrap(), second.join().unwrap());
}

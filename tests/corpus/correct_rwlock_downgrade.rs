//! A writer downgrades and keeps reading, while readers come in.
//! expect: none
use std::sync::{RwLock, RwLockWriteGuard};
use std::thread;

static LIST: RwLock<Vec<u32>> = RwLock::new(Vec::new());

fn push_and_sum(value: u32) -> u32 {
    let mut list = LIST.write().unwrap();
    list.push(value);
    let list = RwLockWriteGuard::downgrade(list);
    list.iter().sum()
}

pub fn main() {
    let threads = [1, 2, 3].map(|value| {
        thread::spawn(move || {
            assert!(push_and_sum(value) >= value);
            LIST.read().unwrap().contains(&value)
        })
    });
    println!("{:?}", threads.map(|t| t.join().unwrap()));
}

//! Readers and writers of one `RwLock`, never nested.
//! expect: none
use std::sync::RwLock;
use std::thread;

pub fn main() {
    let value = RwLock::new(0_u64);
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| (0..500).for_each(|_| *value.write().unwrap() += 1));
            s.spawn(|| (0..500).map(|_| *value.read().unwrap()).max());
        }
    });
    println!("{}", value.into_inner().unwrap());
}

//! A writer reorders the locks of a vector; readers take them by their indices. The locks change places, the order of the places
//! never changes.
//! expect: none
use std::sync::{Mutex, RwLock};
use std::thread;
use std::time::Duration;

pub fn main() {
    let shards = RwLock::new((0..3).map(Mutex::new).collect::<Vec<_>>());
    let sum = || {
        let shards = shards.read().unwrap();
        let all: Vec<_> = shards.iter().map(|shard| shard.lock().unwrap()).collect();
        all.iter().map(|shard| **shard).sum::<u32>()
    };
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                for _ in 0..20 {
                    assert_eq!(sum(), 3);
                    thread::sleep(Duration::from_millis(2));
                }
            });
        }
        s.spawn(|| {
            for _ in 0..10 {
                thread::sleep(Duration::from_millis(4));
                shards.write().unwrap().reverse();
            }
        });
    });
    println!("{}", sum());
}

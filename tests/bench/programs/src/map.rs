//! `dashmap`: two threads read and write one map, nine reads to a write.

use crate::hash;
use dashmap::DashMap;
use std::thread;

const KEYS: u64 = 100_000;
const STEPS: u64 = 2_000_000;

pub fn run() {
    let map: DashMap<u64, u64> = (0..KEYS).map(|key| (key, 1)).collect();
    thread::scope(|s| {
        for worker in 0..2 {
            let map = &map;
            s.spawn(move || {
                for step in 0..STEPS {
                    let key = hash(step * 2 + worker, 1) % KEYS;
                    if step % 10 == 0 {
                        *map.get_mut(&key).expect("a key") += 1;
                    } else {
                        assert_ne!(*map.get(&key).expect("a key"), 0);
                    }
                }
            });
        }
    });
}

//! `moka`: two threads ask one cache, which holds half of what they ask for and computes the rest.

use crate::hash;
use std::thread;

const REQUESTS: u64 = 600_000;
const KEYS: u64 = 20_000;
const WORK: u32 = 200;

pub fn run() {
    let cache = moka::sync::Cache::new(KEYS / 2);
    thread::scope(|s| {
        for worker in 0..2 {
            let cache = &cache;
            s.spawn(move || {
                for request in 0..REQUESTS {
                    let key = hash(request * 2 + worker, 1) % KEYS;
                    // Some keys are asked for more often than others.
                    let key = key * key / KEYS;
                    assert_ne!(cache.get_with(key, || hash(key, WORK)), 0);
                }
            });
        }
    });
}

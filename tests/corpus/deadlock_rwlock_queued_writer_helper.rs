//! As a cache does it: `get` reads and calls `len`, which reads; a writer arrives in between.
//! expect: rule=deadlock|self-deadlock grade=observed locks=A sites=1,2
use std::collections::HashMap;
use std::sync::RwLock;
use std::thread;

struct Cache {
    entries: RwLock<HashMap<u32, u32>>,
}

impl Cache {
    fn len(&self) -> usize {
        self.entries.read().unwrap().len() // (2)
    }

    fn get(&self, key: u32, between: impl Fn()) -> Option<u32> {
        let entries = self.entries.read().unwrap(); // (1)
        between();
        if self.len() == 0 { None } else { entries.get(&key).copied() }
    }

    fn put(&self, key: u32, value: u32) {
        self.entries.write().unwrap().insert(key, value); // (3)
    }
}

pub fn main() {
    let cache = Cache { entries: RwLock::new(HashMap::new()) }; // (A)
    thread::scope(|s| {
        cache.get(1, || {
            s.spawn(|| cache.put(1, 1));
            while cache.entries.try_read().is_ok() {
                thread::yield_now();
            }
        });
    });
}

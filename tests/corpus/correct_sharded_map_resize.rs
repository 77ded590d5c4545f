//! A map of shards: one at a time in normal use, all in index order for a resize.
//! expect: none
use std::collections::HashMap;
use std::sync::RwLock;
use std::thread;

struct Sharded {
    shards: [RwLock<HashMap<u64, u64>>; 8],
}

impl Sharded {
    fn insert(&self, k: u64) {
        self.shards[(k % 8) as usize].write().unwrap().insert(k, k);
    }
    fn len(&self) -> usize {
        let all: Vec<_> = self.shards.iter().map(|s| s.read().unwrap()).collect();
        all.iter().map(|s| s.len()).sum()
    }
    fn clear(&self) {
        let mut all: Vec<_> = self.shards.iter().map(|s| s.write().unwrap()).collect();
        while let Some(mut s) = all.pop() {
            s.clear();
        }
    }
}

pub fn main() {
    let m = Sharded { shards: Default::default() };
    thread::scope(|s| {
        s.spawn(|| (0..500).for_each(|k| m.insert(k)));
        s.spawn(|| {
            (0..30).for_each(|_| {
                m.len();
            })
        });
        s.spawn(|| (0..30).for_each(|_| m.clear()));
    });
    m.clear();
    println!("{}", m.len());
}

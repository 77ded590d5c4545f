//! Locks made by `Default` inside std, so their creation says nothing.
//! expect: rule=deadlock grade=observed sites=1,2
use std::collections::HashMap;
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

fn cross(first: &Mutex<u32>, second: &Mutex<u32>, both: &Barrier) {
    let mut first = first.lock().unwrap(); // (1)
    both.wait();
    *first += *second.lock().unwrap(); // (2)
}

pub fn main() {
    let mut shards: HashMap<&str, Arc<Mutex<u32>>> = HashMap::new();
    let north = Arc::clone(shards.entry("north").or_default());
    let south = Arc::clone(shards.entry("south").or_default());
    let both = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| cross(&north, &south, &both));
        s.spawn(|| cross(&south, &north, &both));
    });
}

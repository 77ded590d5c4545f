//! A reader asks for the write lock without giving up its read lock.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2
use std::collections::HashMap;
use std::sync::RwLock;

pub fn main() {
    let cache = RwLock::new(HashMap::<&str, u32>::new()); // (A)
    let known = cache.read().unwrap(); // (1)
    if !known.contains_key("a") {
        cache.write().unwrap().insert("a", 1); // (2)
    }
}

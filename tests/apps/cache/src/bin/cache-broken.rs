//! Two mistakes, neither of which hangs in this run: the janitor comes when the readers are done.
//!
//! - `get` locks the order of use under the read lock; the janitor writes the entries under the order of use.
//! - `get` calls `len`, which reads the entries a second time: with a writer queued in between, both wait for ever.

use instrumented_sync::thread;
use std::time::Duration;
use syncscope_app_cache::{Cache, load};

fn len(cache: &Cache) -> usize {
    cache.read().len()
}

fn get(cache: &Cache, key: u32) -> Option<String> {
    let entries = cache.read();
    if len(cache) == 0 {
        return None;
    }
    let value = entries.get(&key)?;
    cache.recent().touch(key);
    Some(value.clone())
}

fn evict(cache: &Cache, keep: usize) -> usize {
    let mut recent = cache.recent();
    let mut evicted = 0;
    while let Some(key) = recent.oldest_beyond(keep) {
        cache.write().remove(&key);
        evicted += 1;
    }
    evicted
}

fn main() {
    let cache = Cache::default();
    cache.write().extend((0..20).map(|key| (key, load(key))));
    thread::scope(|s| {
        for reader in 0..2 {
            let cache = &cache;
            let lookups = move || (0..20).filter(|key| get(cache, key + reader).is_some()).count();
            let name = format!("reader-{reader}");
            thread::Builder::new().name(name).spawn_scoped(s, lookups).unwrap();
        }
        let janitor = || {
            thread::sleep(Duration::from_millis(300));
            println!("{} evicted", evict(&cache, 8));
        };
        thread::Builder::new().name("janitor".into()).spawn_scoped(s, janitor).unwrap();
    });
    println!("{} left, {} hits", len(&cache), cache.recent().hits);
}

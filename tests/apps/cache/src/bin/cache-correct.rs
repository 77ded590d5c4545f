//! No lock is held while the other is taken, and nobody reads twice.

use instrumented_sync::thread;
use syncscope_app_cache::{Cache, load};

fn get(cache: &Cache, key: u32) -> Option<String> {
    let value = cache.read().get(&key)?.clone();
    cache.recent().touch(key);
    Some(value)
}

fn get_or_load(cache: &Cache, key: u32) -> String {
    if let Some(value) = get(cache, key) {
        return value;
    }
    let value = load(key);
    cache.write().entry(key).or_insert(value).clone()
}

fn evict(cache: &Cache, keep: usize) {
    loop {
        let Some(key) = cache.recent().oldest_beyond(keep) else { return };
        cache.write().remove(&key);
    }
}

fn main() {
    let cache = Cache::default();
    thread::scope(|s| {
        for reader in 0..4 {
            let cache = &cache;
            let lookups = move || {
                for step in 0..200 {
                    let key = (step * 7 + reader) % 30;
                    assert_eq!(get_or_load(cache, key), load(key));
                }
            };
            let name = format!("reader-{reader}");
            thread::Builder::new().name(name).spawn_scoped(s, lookups).unwrap();
        }
        let janitor = || (0..20).for_each(|_| evict(&cache, 8));
        thread::Builder::new().name("janitor".into()).spawn_scoped(s, janitor).unwrap();
    });
    println!("{}", cache.recent().hits > 0);
}

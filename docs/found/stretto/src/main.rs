//! Hangs sooner or later: `get_ttl` while others write keys of the same shard.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use stretto::Cache;

const ROUNDS: u64 = 2_000_000;

fn main() {
    let cache: Cache<u64, u64> = Cache::new(10_000, 1_000).expect("a cache");
    cache.insert_with_ttl(1, 1, 1, Duration::from_secs(3600));
    cache.wait().expect("the value is in the cache");
    let rounds = AtomicU64::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..ROUNDS {
                cache.get_ttl(&1);
                let done = rounds.fetch_add(1, Ordering::Relaxed) + 1;
                if done % 100_000 == 0 {
                    eprintln!("{done} calls of get_ttl");
                }
            }
        });
        scope.spawn(|| {
            while rounds.load(Ordering::Relaxed) < ROUNDS {
                if let Some(mut value) = cache.get_mut(&1) {
                    value.write(2);
                }
            }
        });
    });
    println!("did not hang");
}

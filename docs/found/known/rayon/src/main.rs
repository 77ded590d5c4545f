//! Hangs sooner or later: parallel work under a lock, within parallel work that takes the same lock.

use std::sync::Mutex;

use rayon::prelude::*;

fn main() {
    rayon::ThreadPoolBuilder::new().num_threads(8).build_global().expect("the only pool");
    let sum = Mutex::new(0u64);
    for _ in 0..10_000 {
        (0..64u64).into_par_iter().for_each(|n| {
            let mut sum = sum.lock().expect("no panic");
            *sum += (0..64u64).into_par_iter().map(|m| work(n + m)).sum::<u64>();
        });
    }
    println!("did not hang");
}

/// Takes long enough for other threads to steal some of it.
fn work(seed: u64) -> u64 {
    (0..2_000).fold(seed, |sum, n| (sum * 31 + n) % 1_000)
}

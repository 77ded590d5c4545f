//! `threadpool`: hashes jobs on two threads, which take them from one queue behind a mutex.

use crate::hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const JOBS: u64 = 100_000;
const WORK: u32 = 1_000;

pub fn run() {
    let pool = threadpool::ThreadPool::new(2);
    let sum = Arc::new(AtomicU64::new(0));
    for job in 0..JOBS {
        let sum = sum.clone();
        pool.execute(move || {
            // Relaxed: the pool's end orders all additions before the look at their sum.
            sum.fetch_add(hash(job, WORK), Ordering::Relaxed);
        });
    }
    pool.join();
    assert_ne!(sum.load(Ordering::Relaxed), 0);
}

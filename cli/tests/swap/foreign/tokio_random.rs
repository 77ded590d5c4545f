//! Correct programs over a few locks of tokio's, at random: they go on, so no deadlock is told.

use crate::support::{FUTURES, Project};

/// The first argument is the seed.
const MAIN: &str = r#"
use futures_util::future::{self, BoxFuture, FutureExt};
use futures_util::stream::{self, FuturesUnordered, StreamExt};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{Mutex, RwLock, Semaphore};
use tokio::time::{sleep, timeout};

struct All { locks: Vec<Mutex<u64>>, tables: Vec<RwLock<u64>>, pool: Semaphore, done: AtomicU64 }

fn next(seed: &mut u64) -> u64 { *seed ^= *seed << 13; *seed ^= *seed >> 7; *seed ^= *seed << 17; *seed }

/// Takes one lock, for a moment.
fn one(all: Arc<All>, mut seed: u64) -> BoxFuture<'static, ()> {
    async move {
        let which = next(&mut seed);
        let at = (which >> 8) as usize;
        let pause = match which % 5 { 0 => 0, 1 => 50, _ => 1 };
        match which % 4 {
            0 => { let mut g = all.locks[at % 2].lock().await; *g += 1; if pause > 0 { sleep(Duration::from_micros(pause)).await } else { tokio::task::yield_now().await } }
            1 => { let g = all.tables[at % 2].read().await; if pause > 0 { sleep(Duration::from_micros(pause)).await }; drop(g) }
            2 => { *all.tables[at % 2].write().await += 1; }
            _ => { let g = all.pool.acquire().await.unwrap(); tokio::task::yield_now().await; drop(g) }
        }
        all.done.fetch_add(1, Ordering::Relaxed);
    }.boxed()
}

fn program(all: Arc<All>, mut seed: u64, depth: u32) -> BoxFuture<'static, ()> {
    async move {
        for _ in 0..4 {
            let mut sub = || { let s = next(&mut seed) | 1; if depth > 0 && s % 3 == 0 { program(all.clone(), s, depth - 1) } else { one(all.clone(), s) } };
            let (a, b, c) = (sub(), sub(), sub());
            match next(&mut seed) % 9 {
                0 => { tokio::join!(a, b, c); }
                1 => { future::join_all([a, b, c]).await; }
                2 => { let mut f: FuturesUnordered<_> = [a, b, c].into_iter().collect(); while f.next().await.is_some() {} }
                3 => { stream::iter([a, b, c]).buffer_unordered(2).for_each(|()| async {}).await; }
                // The loser is dropped.
                4 => { tokio::select! { _ = a => {}, _ = b => {} } c.await; }
                5 => { _ = timeout(Duration::from_micros(100), a).await; b.await; }
                // The loser goes on as a task of its own.
                6 => { let mut a = a; let done = tokio::select! { _ = &mut a => true, _ = sleep(Duration::from_micros(30)) => false }; if !done { let task = tokio::spawn(a); b.await; task.await.unwrap(); } }
                7 => { let mut task = tokio::spawn(a); tokio::select! { _ = &mut task => {}, _ = b => { c.await; task.await.unwrap(); } } }
                // The loser is polled on together with the rest.
                _ => { match future::select(a, b).await { future::Either::Left((_, rest)) | future::Either::Right((_, rest)) => { future::join(rest, c).await; } } }
            }
        }
    }.boxed()
}

fn main() {
    let seed: u64 = std::env::args().nth(1).unwrap().parse().unwrap();
    let current = std::env::args().nth(2).is_some();
    std::thread::spawn(|| { std::thread::sleep(Duration::from_secs(30)); std::process::exit(99) });
    let runtime = if current { tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap() } else { tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap() };
    let all = Arc::new(All { locks: vec![Mutex::new(0), Mutex::new(0)], tables: vec![RwLock::new(0), RwLock::new(0)], pool: Semaphore::new(1), done: AtomicU64::new(0) });
    let copy = all.clone();
    runtime.block_on(async move {
        let tasks: Vec<_> = (0..12).map(|n| tokio::spawn(program(copy.clone(), (seed * 1000 + n).wrapping_mul(0x9E3779B97F4A7C15) | 1, 2))).collect();
        program(copy.clone(), seed * 77 + 1, 1).await;
        for task in tasks { task.await.unwrap(); }
    });
    println!("went on {}", all.done.load(Ordering::Relaxed));
}
"#;

/// Among them those for which a deadlock was told once.
const SEEDS: [u32; 6] = [1, 63, 86, 106, 185, 300];

#[test]
fn random_tasks_are_in_no_deadlock() {
    let project = Project::with_tokio("random", FUTURES, MAIN);
    for seed in SEEDS {
        for runtime in ["", " current"] {
            let outcome = project.call(&format!("run -- {seed}{runtime}"));
            assert!(outcome.stdout.contains("went on"), "{seed}: {}", outcome.stdout);
            outcome.lacks(&["[deadlock]", "[self-deadlock]", "[futurelock]"]);
        }
    }
}

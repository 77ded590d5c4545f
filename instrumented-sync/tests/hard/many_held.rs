//! Very many locks held at once: 50,000 guards dropped from the oldest on, from the newest on, and 10,000 mixed; 20,000 readers of one lock by
//! one thread; a window of 2,000 locks that slides over 30,000.
use std::collections::VecDeque;
use std::sync::{Mutex, RwLock};

fn main() {
    let locks: Vec<_> = (0..50_000).map(Mutex::new).collect();
    let hold = |most: usize| locks[..most].iter().map(|lock| lock.lock().unwrap()).collect::<Vec<_>>();
    drop(hold(locks.len()));
    let mut guards = hold(locks.len());
    while let Some(guard) = guards.pop() {
        drop(guard);
    }
    let mut guards = hold(10_000);
    while !guards.is_empty() {
        drop(guards.swap_remove(guards.len() / 3));
    }
    let shared = RwLock::new(1);
    let readers: Vec<_> = (0..20_000).map(|_| shared.read().unwrap()).collect();
    let sum: u64 = readers.iter().map(|reader| **reader).sum();
    drop(readers);
    let mut window = VecDeque::new();
    for lock in &locks[..30_000] {
        window.push_back(lock.lock().unwrap());
        if window.len() > 2_000 {
            window.pop_front();
        }
    }
    drop(window);
    // Nothing is held any more, so this is no nesting.
    *shared.write().unwrap() += 1;
    println!("{sum} {}", shared.read().unwrap());
}

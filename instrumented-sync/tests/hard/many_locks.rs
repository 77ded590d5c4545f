//! A million locks, made, used and dropped: memory goes back to where it was.
use std::sync::{Mutex, RwLock};

const LOCKS: usize = 1_000_000;
const BATCH: usize = 1000;

fn batch() -> usize {
    let locks: Vec<_> =
        (0..BATCH / 2).map(|index| (Mutex::new(index), RwLock::new(index))).collect();
    let mutexes: usize = locks.iter().map(|(mutex, _)| *mutex.lock().unwrap()).sum();
    let readers: usize = locks.iter().map(|(_, lock)| *lock.read().unwrap()).sum();
    mutexes - readers
}

fn resident_kilobytes() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn main() {
    // Rings are full and caches are warm after this.
    for _ in 0..200 {
        batch();
    }
    let before = resident_kilobytes();
    for _ in 0..LOCKS / BATCH {
        batch();
    }
    let grown = resident_kilobytes() - before;
    assert!(grown < 2048, "{grown} kB more than before");
    println!("ok");
}

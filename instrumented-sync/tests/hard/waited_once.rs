//! A nesting whose inner lock was waited for, and one whose mutex a condition variable gave back.
use std::sync::{Condvar, Mutex};
use std::thread;

static OUTER: Mutex<u64> = Mutex::new(0);
static INNER: Mutex<bool> = Mutex::new(false);
static CHANGED: Condvar = Condvar::new();

/// Whether the thread with this name sleeps.
fn sleeps(name: &str) -> bool {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap().flatten();
    let mut states =
        tasks.filter_map(|task| std::fs::read_to_string(task.path().join("stat")).ok());
    states.any(|stat| stat.contains(&format!("({name}) S")))
}

fn main() {
    let held = INNER.lock().unwrap();
    let named = || thread::Builder::new().name("waiter".into());
    let waiter = named().spawn(|| {
        let _outer = OUTER.lock().unwrap();
        let mut inner = INNER.lock().unwrap();
        while !*inner {
            inner = CHANGED.wait(inner).unwrap();
        }
    });
    while !sleeps("waiter") {
        thread::yield_now();
    }
    drop(held);
    loop {
        *INNER.lock().unwrap() = true;
        CHANGED.notify_one();
        if waiter.as_ref().unwrap().is_finished() {
            break;
        }
        thread::yield_now();
    }
    waiter.unwrap().join().unwrap();
}

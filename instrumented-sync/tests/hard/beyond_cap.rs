//! Two statics are taken in both orders, after more distinct nestings than are kept.
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

static LEFT: Mutex<u64> = Mutex::new(0);
static RIGHT: Mutex<u64> = Mutex::new(0);
static IS_DONE: AtomicBool = AtomicBool::new(false);

fn main() {
    let locks: Vec<_> = (0..448).map(Mutex::new).collect();
    for (index, outer) in locks.iter().enumerate() {
        let _outer = outer.lock().unwrap();
        for inner in &locks[index + 1..] {
            drop(inner.lock().unwrap());
        }
    }
    // One after the other, by an atomic variable only: nothing says that they must.
    let first = thread::spawn(|| {
        nest(&LEFT, &RIGHT);
        IS_DONE.store(true, Ordering::Release);
    });
    let second = thread::spawn(|| {
        while !IS_DONE.load(Ordering::Acquire) {
            thread::yield_now();
        }
        nest(&RIGHT, &LEFT);
    });
    first.join().unwrap();
    second.join().unwrap();
    println!("done");
}

fn nest(outer: &Mutex<u64>, inner: &Mutex<u64>) {
    let mut outer = outer.lock().unwrap();
    *outer += *inner.lock().unwrap();
}

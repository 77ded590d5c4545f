//! A static lock around a fresh one for each of 200,000 requests. Then two more statics inside each other, in both orders: among all
//! that is left out the inversion is not.
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

static OUTER: Mutex<u64> = Mutex::new(0);
static LEFT: Mutex<u64> = Mutex::new(0);
static RIGHT: Mutex<u64> = Mutex::new(0);
static IS_DONE: AtomicBool = AtomicBool::new(false);

fn main() {
    for _ in 0..200_000 {
        let mut outer = OUTER.lock().unwrap();
        let inner = Mutex::new(1);
        *outer += *inner.lock().unwrap();
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
    println!("{}", OUTER.lock().unwrap());
}

fn nest(outer: &Mutex<u64>, inner: &Mutex<u64>) {
    let mut outer = outer.lock().unwrap();
    *outer += *inner.lock().unwrap();
}

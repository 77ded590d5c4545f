//! Both orders, apart in time: the second thread waits a moment for the first, but nothing makes it wait longer.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

static FIRST_DONE: AtomicBool = AtomicBool::new(false);

fn wait_a_moment() {
    for _ in 0..3000 {
        if FIRST_DONE.load(Ordering::Acquire) {
            return;
        }
        thread::sleep(Duration::from_millis(1));
    }
}

pub fn main() {
    let a = Arc::new(Mutex::new(0)); // (A)
    let b = Arc::new(Mutex::new(0)); // (B)
    let (a1, b1) = (Arc::clone(&a), Arc::clone(&b));
    let first = thread::spawn(move || {
        {
            let _a = a1.lock().unwrap(); // (1)
            *b1.lock().unwrap() += 1; // (2)
        }
        FIRST_DONE.store(true, Ordering::Release);
    });
    let second = thread::spawn(move || {
        wait_a_moment();
        let _b = b.lock().unwrap(); // (3)
        *a.lock().unwrap() += 1; // (4)
    });
    first.join().unwrap();
    second.join().unwrap();
    println!("done");
}

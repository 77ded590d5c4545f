//! Panics are caught while locks are held; unwinding releases them.
//! expect: none
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Mutex, PoisonError};
use std::thread;

static A: Mutex<u32> = Mutex::new(0);
static B: Mutex<u32> = Mutex::new(0);

fn risky(fail: bool) {
    let mut a = A.lock().unwrap_or_else(PoisonError::into_inner);
    let mut b = B.lock().unwrap_or_else(PoisonError::into_inner);
    *a += 1;
    if fail {
        resume_unwind(Box::new("expected"));
    }
    *b += 1;
}

pub fn main() {
    let threads = [0, 1, 2].map(|_| {
        thread::spawn(|| {
            for n in 0..30 {
                let _ = catch_unwind(AssertUnwindSafe(|| risky(n % 3 == 0)));
            }
        })
    });
    for thread in threads {
        thread.join().unwrap();
    }
    let a = A.lock().unwrap_or_else(PoisonError::into_inner);
    let b = B.lock().unwrap_or_else(PoisonError::into_inner);
    println!("{a} {b}");
}

//! Panics while locks are held, at every depth; poisoned locks are used on, cleared, and used again.
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, RwLock};
use std::thread;

static OUTER: Mutex<u32> = Mutex::new(0);
static INNER: RwLock<u32> = RwLock::new(0);

fn main() {
    std::panic::set_hook(Box::new(|_| ()));
    for round in 0..50 {
        let caught = catch_unwind(AssertUnwindSafe(|| {
            let _outer = OUTER.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            let mut inner = INNER.write().unwrap_or_else(|poisoned| poisoned.into_inner());
            *inner += 1;
            panic!("round {round}");
        }));
        assert!(caught.is_err() && OUTER.is_poisoned() && INNER.is_poisoned());
        let thread = thread::spawn(|| {
            let mut outer = OUTER.lock().unwrap_err().into_inner();
            let _inner = INNER.read().unwrap_err().into_inner();
            *outer += 1;
            panic!("in a thread");
        });
        assert!(thread.join().is_err());
        OUTER.clear_poison();
        INNER.clear_poison();
        assert!(OUTER.try_lock().is_ok() && INNER.try_read().is_ok());
    }
    // Nothing may still count as held: the opposite order is no inversion of anything that was held too long.
    println!("{} {}", OUTER.lock().unwrap(), INNER.read().unwrap());
}

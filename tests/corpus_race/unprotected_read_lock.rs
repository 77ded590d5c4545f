//! Both sides write under a lock for readers, and the log's lock happens to order them.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::{Mutex, RwLock, thread};
use std::sync::atomic::{AtomicBool, Ordering};

struct Cell<T>(UnsafeCell<T>);

// SAFETY: this is what the program gets wrong.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static TABLE: RwLock<()> = RwLock::new(());
static LOG: Mutex<Vec<&str>> = Mutex::new(Vec::new());
static DONE: AtomicBool = AtomicBool::new(false);

pub fn main() {
    let deposit = thread::spawn(|| {
        let guard = TABLE.read().unwrap(); // (1)
        VALUE.0.with_mut(|value| unsafe { *value += 1 }); // (2)
        drop(guard);
        LOG.lock().unwrap().push("deposit");
        DONE.store(true, Ordering::Relaxed);
    });
    while !DONE.load(Ordering::Relaxed) {
        std::thread::yield_now();
    }
    LOG.lock().unwrap().push("audit");
    let guard = TABLE.read().unwrap(); // (3)
    VALUE.0.with_mut(|value| unsafe { *value += 1 }); // (4)
    drop(guard);
    deposit.join().unwrap();
}

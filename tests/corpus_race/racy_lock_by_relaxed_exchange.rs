//! A lock made of an exchange that acquires nothing.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicBool, Ordering};
use instrumented_sync::thread;
struct Cell<T>(UnsafeCell<T>);

// SAFETY: this is what the program gets wrong.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static TAKEN: AtomicBool = AtomicBool::new(false);

fn add() {
    while TAKEN.compare_exchange(false, true, Ordering::Relaxed, Ordering::Relaxed).is_err() {
        std::thread::yield_now();
    }
    VALUE.0.with_mut(|value| unsafe { *value += 1 }); // (1)
    TAKEN.store(false, Ordering::Release);
}

pub fn main() {
    let threads = [thread::spawn(add), thread::spawn(add)];
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

//! A spin lock that lets go with a relaxed store.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicBool, Ordering};
use instrumented_sync::thread;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: this is what the program gets wrong.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static IS_LOCKED: AtomicBool = AtomicBool::new(false);

fn count() {
    for _ in 0..20 {
        while IS_LOCKED
            .compare_exchange_weak(false, true, Ordering::Acquire, Ordering::Relaxed)
            .is_err()
        {
            std::thread::yield_now();
        }
        VALUE.0.with_mut(|value| unsafe { *value += 1 }); // (1)
        IS_LOCKED.store(false, Ordering::Relaxed);
    }
}

pub fn main() {
    let threads = [thread::spawn(count), thread::spawn(count)];
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 40);
}

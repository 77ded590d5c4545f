//! Nobody joins the thread that writes.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicBool, Ordering};
use instrumented_sync::thread;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: this is what the program gets wrong.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static DONE: AtomicBool = AtomicBool::new(false);

pub fn main() {
    thread::spawn(|| {
        VALUE.0.with_mut(|value| unsafe { *value = 7 }); // (1)
        DONE.store(true, Ordering::Relaxed);
    });
    while !DONE.load(Ordering::Relaxed) {
        std::thread::yield_now();
    }
    VALUE.0.with_mut(|value| unsafe { *value = 8 }); // (2)
}

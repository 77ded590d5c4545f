//! Only the load of the flag has an ordering.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicBool, Ordering};
use instrumented_sync::thread;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: this is what the program gets wrong.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static READY: AtomicBool = AtomicBool::new(false);

pub fn main() {
    let writer = thread::spawn(|| {
        VALUE.0.with_mut(|value| unsafe { *value = 7 }); // (1)
        READY.store(true, Ordering::Relaxed);
    });
    while !READY.load(Ordering::Acquire) {
        std::thread::yield_now();
    }
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 7); // (2)
    writer.join().unwrap();
}

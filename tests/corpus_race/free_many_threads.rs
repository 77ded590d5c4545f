//! Threads come and go, one after the other.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::thread;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));

pub fn main() {
    for _ in 0..300 {
        thread::spawn(|| VALUE.0.with_mut(|value| unsafe { *value += 1 })).join().unwrap();
    }
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 300);
}

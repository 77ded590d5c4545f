//! The parent looks at what its scoped child is writing.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::thread;
struct Cell<T>(UnsafeCell<T>);

// SAFETY: this is what the program gets wrong.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));

pub fn main() {
    thread::scope(|scope| {
        scope.spawn(|| VALUE.0.with_mut(|value| unsafe { *value = 7 })); // (1)
        VALUE.0.with(|value| unsafe { *value }); // (2)
    });
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 7);
}

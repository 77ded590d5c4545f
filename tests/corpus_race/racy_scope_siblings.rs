//! Two threads of one scope: the scope orders them with its owner, not with each other.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::thread;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: this is what the program gets wrong.
unsafe impl<T> Sync for Cell<T> {}

pub fn main() {
    let value = Cell(UnsafeCell::new(0_u64));
    let value = &value;
    thread::scope(|scope| {
        scope.spawn(|| value.0.with_mut(|value| unsafe { *value = 7 })); // (1)
        scope.spawn(|| value.0.with(|value| unsafe { *value })); // (2)
    });
}

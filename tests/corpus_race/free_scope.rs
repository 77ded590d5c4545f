//! Borrowed by the threads of a scope, one scope after the other.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::thread;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

pub fn main() {
    let cell = Cell(UnsafeCell::new(0_u64));
    let cell = &cell;
    cell.0.with_mut(|value| unsafe { *value = 1 });
    for _ in 0..3 {
        thread::scope(|scope| {
            scope.spawn(|| cell.0.with_mut(|value| unsafe { *value += 1 }));
        });
        cell.0.with_mut(|value| unsafe { *value += 1 });
    }
    assert_eq!(cell.0.with(|value| unsafe { *value }), 7);
}

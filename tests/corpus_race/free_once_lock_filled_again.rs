//! Filled before anything is tracked, emptied, and filled again: what the second filling hands over is seen.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::{OnceLock, thread};

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));

pub fn main() {
    let mut ready = OnceLock::new();
    assert_eq!(*ready.get_or_init(|| 1), 1);
    assert_eq!(ready.take(), Some(1));
    thread::scope(|scope| {
        let ready = &ready;
        scope.spawn(move || {
            VALUE.0.with_mut(|value| unsafe { *value = 7 });
            ready.set(2).unwrap();
        });
        for _ in 0..2 {
            scope.spawn(move || {
                while ready.get().is_none() {
                    thread::yield_now();
                }
                assert_eq!(VALUE.0.with(|value| unsafe { *value }), 7);
            });
        }
    });
}

//! A thread's result is read after it was joined; another thread joins it than the one that spawned it.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::thread;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));

pub fn main() {
    let writer = thread::spawn(|| VALUE.0.with_mut(|value| unsafe { *value = 7 }));
    let joiner = thread::spawn(move || {
        writer.join().unwrap();
        VALUE.0.with_mut(|value| unsafe { *value += 1 });
    });
    joiner.join().unwrap();
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 8);
}

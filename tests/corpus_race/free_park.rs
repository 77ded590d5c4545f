//! Handed over to a parked thread and back.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::thread;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));

pub fn main() {
    let main = thread::current();
    let worker = thread::spawn(move || {
        thread::park();
        VALUE.0.with_mut(|value| unsafe { *value += 1 });
        main.unpark();
    });
    VALUE.0.with_mut(|value| unsafe { *value = 6 });
    worker.thread().unpark();
    thread::park();
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 7);
    worker.join().unwrap();
}

//! A value is handed over with a condition variable; it is used outside of the lock.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::{Condvar, Mutex, thread};

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static READY: Mutex<bool> = Mutex::new(false);
static CHANGED: Condvar = Condvar::new();

pub fn main() {
    let writer = thread::spawn(|| {
        VALUE.0.with_mut(|value| unsafe { *value = 7 });
        *READY.lock().unwrap() = true;
        CHANGED.notify_one();
    });
    drop(CHANGED.wait_while(READY.lock().unwrap(), |ready| !*ready).unwrap());
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 7);
    writer.join().unwrap();
}

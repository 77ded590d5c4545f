//! Handed over with a condition variable, and used under different locks on both sides.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::{Condvar, Mutex, thread};

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static READY: Mutex<bool> = Mutex::new(false);
static CHANGED: Condvar = Condvar::new();
static A: Mutex<()> = Mutex::new(());
static B: Mutex<()> = Mutex::new(());

pub fn main() {
    let writer = thread::spawn(|| {
        let guard = A.lock().unwrap();
        VALUE.0.with_mut(|value| unsafe { *value = 7 });
        drop(guard);
        let mut ready = READY.lock().unwrap();
        *ready = true;
        CHANGED.notify_one();
        drop(ready);
    });
    drop(CHANGED.wait_while(READY.lock().unwrap(), |ready| !*ready).unwrap());
    let guard = B.lock().unwrap();
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 7);
    drop(guard);
    writer.join().unwrap();
}

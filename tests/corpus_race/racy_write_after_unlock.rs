//! The write comes after the lock was let go.

use instrumented_sync::Mutex;
use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicBool, Ordering};
use instrumented_sync::thread;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: this is what the program gets wrong.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static DONE: AtomicBool = AtomicBool::new(false);
static LOCK: Mutex<()> = Mutex::new(());

pub fn main() {
    let writer = thread::spawn(|| {
        drop(LOCK.lock().unwrap());
        VALUE.0.with_mut(|value| unsafe { *value = 7 }); // (1)
        DONE.store(true, Ordering::Relaxed);
    });
    while !DONE.load(Ordering::Relaxed) {
        std::thread::yield_now();
    }
    let guard = LOCK.lock().unwrap();
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 7); // (2)
    drop(guard);
    writer.join().unwrap();
}

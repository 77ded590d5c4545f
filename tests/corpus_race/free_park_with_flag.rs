//! A relaxed flag says that the value is there; the order comes from `unpark` and `park`.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicBool, Ordering};
use instrumented_sync::thread;
struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static READY: AtomicBool = AtomicBool::new(false);

pub fn main() {
    let reader = thread::spawn(|| {
        thread::park();
        while !READY.load(Ordering::Relaxed) {
            thread::park();
        }
        VALUE.0.with(|value| unsafe { *value })
    });
    VALUE.0.with_mut(|value| unsafe { *value = 7 });
    READY.store(true, Ordering::Relaxed);
    reader.thread().unpark();
    assert_eq!(reader.join().unwrap(), 7);
}

//! A lock that is acquired in one thread and released in another.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::Lock;
use instrumented_sync::thread;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static LOCK: Lock = Lock::new();

pub fn main() {
    LOCK.acquire();
    let other = thread::spawn(|| {
        VALUE.0.with_mut(|value| unsafe { *value = 7 });
        LOCK.release();
    });
    LOCK.acquire();
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 7);
    LOCK.release();
    other.join().unwrap();
}

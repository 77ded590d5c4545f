//! A lock without an owner is acquired here and released there, and guards the value all the way.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::Lock;
use instrumented_sync::thread;
struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static BUSY: Lock = Lock::new();

pub fn main() {
    let mut workers = Vec::new();
    for _ in 0..5 {
        BUSY.acquire();
        VALUE.0.with_mut(|value| unsafe { *value += 1 });
        workers.push(thread::spawn(|| {
            VALUE.0.with_mut(|value| unsafe { *value += 1 });
            BUSY.release();
        }));
    }
    BUSY.acquire();
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 10);
    workers.into_iter().for_each(|worker| worker.join().unwrap());
}

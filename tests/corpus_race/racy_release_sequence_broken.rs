//! A relaxed store by another thread ends the release sequence.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicU32, Ordering};
use instrumented_sync::thread;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: this is what the program gets wrong.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static STAGE: AtomicU32 = AtomicU32::new(0);

pub fn main() {
    let first = thread::spawn(|| {
        VALUE.0.with_mut(|value| unsafe { *value = 7 }); // (1)
        STAGE.store(1, Ordering::Release);
    });
    let second = thread::spawn(|| {
        while STAGE.load(Ordering::Relaxed) != 1 {
            std::thread::yield_now();
        }
        STAGE.store(2, Ordering::Relaxed);
    });
    while STAGE.load(Ordering::Relaxed) != 2 {
        std::thread::yield_now();
    }
    assert_eq!(STAGE.load(Ordering::Acquire), 2);
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 7); // (2)
    first.join().unwrap();
    second.join().unwrap();
}

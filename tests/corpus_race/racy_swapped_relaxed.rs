//! A box of data is handed over by an exchange that releases nothing.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicUsize, Ordering};
use instrumented_sync::thread;
struct Cell<T>(UnsafeCell<T>);

// SAFETY: this is what the program gets wrong.
unsafe impl<T> Sync for Cell<T> {}

static MAIL: Cell<u64> = Cell(UnsafeCell::new(0));
static STATE: AtomicUsize = AtomicUsize::new(0);

pub fn main() {
    let sender = thread::spawn(|| {
        MAIL.0.with_mut(|mail| unsafe { *mail = 7 }); // (1)
        STATE.swap(1, Ordering::Acquire);
    });
    while STATE.swap(0, Ordering::AcqRel) == 0 {
        std::thread::yield_now();
    }
    assert_eq!(MAIL.0.with(|mail| unsafe { *mail }), 7); // (2)
    sender.join().unwrap();
}

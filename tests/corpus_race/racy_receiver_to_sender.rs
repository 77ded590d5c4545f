//! A channel without a bound orders nothing from the receiver to the sender.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicBool, Ordering};
use instrumented_sync::mpsc;
use instrumented_sync::thread;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: this is what the program gets wrong.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static DONE: AtomicBool = AtomicBool::new(false);

pub fn main() {
    let (sender, receiver) = mpsc::channel();
    let writer = thread::spawn(move || {
        VALUE.0.with_mut(|value| unsafe { *value = 7 }); // (1)
        receiver.recv().unwrap();
        DONE.store(true, Ordering::Relaxed);
    });
    sender.send(()).unwrap();
    while !DONE.load(Ordering::Relaxed) {
        std::thread::yield_now();
    }
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 7); // (2)
    writer.join().unwrap();
}

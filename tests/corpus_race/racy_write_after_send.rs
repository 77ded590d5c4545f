//! The message is sent before the value is written.

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
        sender.send(()).unwrap();
        VALUE.0.with_mut(|value| unsafe { *value = 7 }); // (1)
        DONE.store(true, Ordering::Relaxed);
    });
    receiver.recv().unwrap();
    while !DONE.load(Ordering::Relaxed) {
        std::thread::yield_now();
    }
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 7); // (2)
    writer.join().unwrap();
}

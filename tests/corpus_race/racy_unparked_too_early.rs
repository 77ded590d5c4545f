//! Unparks first and writes after.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::thread;
struct Cell<T>(UnsafeCell<T>);

// SAFETY: this is what the program gets wrong.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));

pub fn main() {
    let main = thread::current();
    let writer = thread::spawn(move || {
        main.unpark();
        VALUE.0.with_mut(|value| unsafe { *value = 7 }); // (1)
    });
    thread::park();
    VALUE.0.with(|value| unsafe { *value }); // (2)
    writer.join().unwrap();
}

//! The event is set before the value is there.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::Event;
use instrumented_sync::thread;
struct Cell<T>(UnsafeCell<T>);

// SAFETY: this is what the program gets wrong.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static READY: Event = Event::new();

pub fn main() {
    let writer = thread::spawn(|| {
        READY.set();
        VALUE.0.with_mut(|value| unsafe { *value = 7 }); // (1)
    });
    READY.wait();
    VALUE.0.with(|value| unsafe { *value }); // (2)
    writer.join().unwrap();
}

//! An event says that the value is there.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::Event;
use instrumented_sync::thread;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static READY: Event = Event::new();

pub fn main() {
    let writer = thread::spawn(|| {
        VALUE.0.with_mut(|value| unsafe { *value = 7 });
        READY.set();
    });
    READY.wait();
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 7);
    writer.join().unwrap();
}

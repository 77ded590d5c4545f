//! Initialised once, by whoever comes first.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::{Once, thread};

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static MAKING: Once = Once::new();

fn value() -> u64 {
    MAKING.call_once(|| VALUE.0.with_mut(|value| unsafe { *value = 7 }));
    VALUE.0.with(|value| unsafe { *value })
}

pub fn main() {
    let threads = [(); 3].map(|()| thread::spawn(value));
    for thread in threads {
        assert_eq!(thread.join().unwrap(), 7);
    }
}

//! What all threads have initialised together long ago orders nothing that they do later.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::{LazyLock, thread};

struct Cell<T>(UnsafeCell<T>);

// SAFETY: this is what the program gets wrong.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static STEP: LazyLock<u64> = LazyLock::new(|| 2);

fn add() {
    let step = *STEP;
    VALUE.0.with_mut(|value| unsafe { *value += step }); // (1)
    assert_eq!(*STEP, 2);
}

pub fn main() {
    assert_eq!(*STEP, 2);
    let threads = [(); 2].map(|()| thread::spawn(add));
    for thread in threads {
        thread.join().unwrap();
    }
}

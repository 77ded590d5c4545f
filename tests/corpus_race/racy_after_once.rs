//! Each thread goes on writing after the initialisation.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::{Once, thread};
struct Cell<T>(UnsafeCell<T>);

// SAFETY: this is what the program gets wrong.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static START: Once = Once::new();

fn work() {
    START.call_once(|| VALUE.0.with_mut(|value| unsafe { *value = 7 }));
    VALUE.0.with_mut(|value| unsafe { *value += 1 }); // (1)
}

pub fn main() {
    let threads = [thread::spawn(work), thread::spawn(work)];
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

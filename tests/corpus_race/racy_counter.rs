//! Two threads count without any lock.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::thread;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: this is what the program gets wrong.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));

fn count() {
    VALUE.0.with_mut(|value| unsafe { *value += 1 }); // (1)
}

pub fn main() {
    let threads = [thread::spawn(count), thread::spawn(count)];
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

//! Readers of a lock do not keep each other out.

use instrumented_sync::RwLock;
use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::thread;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: this is what the program gets wrong.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static LOCK: RwLock<()> = RwLock::new(());

fn count() {
    let _guard = LOCK.read().unwrap(); // (1)
    VALUE.0.with_mut(|value| unsafe { *value += 1 }); // (2)
}

pub fn main() {
    let threads = [thread::spawn(count), thread::spawn(count)];
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

//! Looks under the lock and writes after it.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::{Mutex, thread};
struct Cell<T>(UnsafeCell<T>);

// SAFETY: this is what the program gets wrong.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static LOCK: Mutex<()> = Mutex::new(());

fn set() {
    let guard = LOCK.lock().unwrap();
    let old = VALUE.0.with(|value| unsafe { *value });
    drop(guard);
    VALUE.0.with_mut(|value| unsafe { *value = old + 1 }); // (1)
}

pub fn main() {
    let threads = [thread::spawn(set), thread::spawn(set)];
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

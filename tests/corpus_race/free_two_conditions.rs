//! A buffer of one place with a condition for each side.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::{Condvar, Mutex, thread};
struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static BUFFER: Cell<u64> = Cell(UnsafeCell::new(0));
static FULL: Mutex<bool> = Mutex::new(false);
static IS_FULL: Condvar = Condvar::new();
static IS_EMPTY: Condvar = Condvar::new();

fn put(item: u64) {
    let mut full = IS_EMPTY.wait_while(FULL.lock().unwrap(), |full| *full).unwrap();
    BUFFER.0.with_mut(|buffer| unsafe { *buffer = item });
    *full = true;
    IS_FULL.notify_one();
}

fn get() -> u64 {
    let mut full = IS_FULL.wait_while(FULL.lock().unwrap(), |full| !*full).unwrap();
    let item = BUFFER.0.with(|buffer| unsafe { *buffer });
    *full = false;
    IS_EMPTY.notify_one();
    item
}

pub fn main() {
    let producer = thread::spawn(|| (0..30).for_each(put));
    let sum: u64 = (0..30).map(|_| get()).sum();
    producer.join().unwrap();
    assert_eq!(sum, 435);
}

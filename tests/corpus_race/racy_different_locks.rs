//! Each thread has a lock of its own.

use instrumented_sync::Mutex;
use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::thread;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: this is what the program gets wrong.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static A: Mutex<()> = Mutex::new(());
static B: Mutex<()> = Mutex::new(());

pub fn main() {
    let first = thread::spawn(|| {
        let _guard = A.lock().unwrap(); // (1)
        VALUE.0.with_mut(|value| unsafe { *value += 1 }); // (2)
    });
    let second = thread::spawn(|| {
        let _guard = B.lock().unwrap(); // (3)
        VALUE.0.with_mut(|value| unsafe { *value += 1 }); // (4)
    });
    first.join().unwrap();
    second.join().unwrap();
}

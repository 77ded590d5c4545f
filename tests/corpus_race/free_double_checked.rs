//! Double-checked initialisation.

use instrumented_sync::Mutex;
use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicBool, Ordering};
use instrumented_sync::thread;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static IS_MADE: AtomicBool = AtomicBool::new(false);
static MAKING: Mutex<()> = Mutex::new(());

fn value() -> u64 {
    if !IS_MADE.load(Ordering::Acquire) {
        let _making = MAKING.lock().unwrap();
        if !IS_MADE.load(Ordering::Relaxed) {
            VALUE.0.with_mut(|value| unsafe { *value = 7 }); // (1)
            IS_MADE.store(true, Ordering::Release);
        }
    }
    VALUE.0.with(|value| unsafe { *value }) // (2)
}

pub fn main() {
    let maker = thread::spawn(value);
    while !IS_MADE.load(Ordering::Relaxed) {
        std::thread::yield_now();
    }
    assert_eq!(value(), 7);
    assert_eq!(maker.join().unwrap(), 7);
}

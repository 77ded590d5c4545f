//! Whoever comes first initialises by a swap of states; the others wait for it.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicU8, Ordering};
use instrumented_sync::thread;
struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static STATE: AtomicU8 = AtomicU8::new(0);

fn value() -> u64 {
    match STATE.compare_exchange(0, 1, Ordering::Acquire, Ordering::Acquire) {
        Ok(_) => {
            VALUE.0.with_mut(|value| unsafe { *value = 7 });
            STATE.store(2, Ordering::Release);
        }
        Err(mut state) => {
            while state != 2 {
                std::thread::yield_now();
                state = STATE.load(Ordering::Acquire);
            }
        }
    }
    VALUE.0.with(|value| unsafe { *value })
}

pub fn main() {
    let threads = [0, 1, 2].map(|_| thread::spawn(value));
    threads.into_iter().for_each(|thread| assert_eq!(thread.join().unwrap(), 7));
}

//! A semaphore with one permit; another thread gives it back.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::Semaphore;
use instrumented_sync::thread;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static PERMITS: Semaphore = Semaphore::new(1);

fn count() {
    for _ in 0..20 {
        PERMITS.acquire();
        VALUE.0.with_mut(|value| unsafe { *value += 1 });
        PERMITS.release();
    }
}

pub fn main() {
    let threads = [(); 3].map(|()| thread::spawn(count));
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 60);
}

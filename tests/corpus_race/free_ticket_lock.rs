//! A ticket lock.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicUsize, Ordering};
use instrumented_sync::thread;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static NEXT: AtomicUsize = AtomicUsize::new(0);
static SERVED: AtomicUsize = AtomicUsize::new(0);

fn count() {
    for _ in 0..20 {
        let ticket = NEXT.fetch_add(1, Ordering::Relaxed);
        while SERVED.load(Ordering::Acquire) != ticket {
            std::thread::yield_now();
        }
        VALUE.0.with_mut(|value| unsafe { *value += 1 }); // (1)
        SERVED.fetch_add(1, Ordering::Release);
    }
}

pub fn main() {
    let threads = [(); 3].map(|()| thread::spawn(count));
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 60);
}

//! A readers-writer lock of one counter.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicIsize, Ordering};
use instrumented_sync::thread;
struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
/// Readers inside; -1: a writer.
static INSIDE: AtomicIsize = AtomicIsize::new(0);

fn read() -> u64 {
    loop {
        let readers = INSIDE.load(Ordering::Relaxed);
        if readers >= 0
            && INSIDE
                .compare_exchange_weak(readers, readers + 1, Ordering::Acquire, Ordering::Relaxed)
                .is_ok()
        {
            break;
        }
        std::thread::yield_now();
    }
    let value = VALUE.0.with(|value| unsafe { *value });
    INSIDE.fetch_sub(1, Ordering::Release);
    value
}

fn write() {
    while INSIDE.compare_exchange_weak(0, -1, Ordering::Acquire, Ordering::Relaxed).is_err() {
        std::thread::yield_now();
    }
    VALUE.0.with_mut(|value| unsafe { *value += 1 });
    INSIDE.store(0, Ordering::Release);
}

pub fn main() {
    let readers = [0, 1].map(|_| thread::spawn(|| (0..30).map(|_| read()).max()));
    let writers = [0, 1].map(|_| thread::spawn(|| (0..30).for_each(|_| write())));
    writers.into_iter().for_each(|writer| writer.join().unwrap());
    readers.into_iter().for_each(|reader| assert!(reader.join().unwrap() <= Some(60)));
    assert_eq!(read(), 60);
}

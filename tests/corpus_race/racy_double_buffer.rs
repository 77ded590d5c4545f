//! Two buffers; the index that tells the finished one is read without `Acquire`.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicUsize, Ordering};
use instrumented_sync::thread;
struct Cell<T>(UnsafeCell<T>);

// SAFETY: this is what the program gets wrong.
unsafe impl<T> Sync for Cell<T> {}

static BUFFERS: [Cell<u64>; 2] = [Cell(UnsafeCell::new(0)), Cell(UnsafeCell::new(0))];
static FINISHED: AtomicUsize = AtomicUsize::new(0);

pub fn main() {
    let writer = thread::spawn(|| {
        BUFFERS[1].0.with_mut(|buffer| unsafe { *buffer = 7 }); // (1)
        FINISHED.store(1, Ordering::Release);
    });
    while FINISHED.load(Ordering::Relaxed) == 0 {
        std::thread::yield_now();
    }
    let index = FINISHED.load(Ordering::Relaxed);
    assert_eq!(BUFFERS[index].0.with(|buffer| unsafe { *buffer }), 7); // (2)
    writer.join().unwrap();
}

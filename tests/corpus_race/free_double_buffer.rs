//! Two buffers in turn; the reader says when it is done with one.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicUsize, Ordering};
use instrumented_sync::thread;
struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static BUFFERS: [Cell<usize>; 2] = [Cell(UnsafeCell::new(0)), Cell(UnsafeCell::new(0))];
static WRITTEN: AtomicUsize = AtomicUsize::new(0);
static READ: AtomicUsize = AtomicUsize::new(0);

pub fn main() {
    let writer = thread::spawn(|| {
        for round in 0..20 {
            while round > READ.load(Ordering::Acquire) + 1 {
                std::thread::yield_now();
            }
            BUFFERS[round % 2].0.with_mut(|buffer| unsafe { *buffer = round });
            WRITTEN.store(round + 1, Ordering::Release);
        }
    });
    for round in 0..20 {
        while WRITTEN.load(Ordering::Acquire) <= round {
            std::thread::yield_now();
        }
        assert_eq!(BUFFERS[round % 2].0.with(|buffer| unsafe { *buffer }), round);
        READ.store(round + 1, Ordering::Release);
    }
    writer.join().unwrap();
}

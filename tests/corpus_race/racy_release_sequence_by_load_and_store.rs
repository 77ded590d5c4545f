//! A counter of finished workers, raised by a load and a store: each store begins anew.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicUsize, Ordering};
use instrumented_sync::thread;
struct Cell<T>(UnsafeCell<T>);

// SAFETY: this is what the program gets wrong.
unsafe impl<T> Sync for Cell<T> {}

static CELLS: [Cell<u64>; 2] = [Cell(UnsafeCell::new(0)), Cell(UnsafeCell::new(0))];
static DONE: AtomicUsize = AtomicUsize::new(0);

pub fn main() {
    let first = thread::spawn(|| {
        CELLS[0].0.with_mut(|cell| unsafe { *cell = 1 }); // (1)
        DONE.store(1, Ordering::Release);
    });
    let second = thread::spawn(|| {
        CELLS[1].0.with_mut(|cell| unsafe { *cell = 1 });
        while DONE.load(Ordering::Relaxed) != 1 {
            std::thread::yield_now();
        }
        DONE.store(2, Ordering::Release);
    });
    while DONE.load(Ordering::Relaxed) != 2 {
        std::thread::yield_now();
    }
    assert_eq!(DONE.load(Ordering::Acquire), 2);
    let first_cell = CELLS[0].0.with(|cell| unsafe { *cell }); // (2)
    let sum = first_cell + CELLS[1].0.with(|cell| unsafe { *cell });
    assert_eq!(sum, 2);
    first.join().unwrap();
    second.join().unwrap();
}

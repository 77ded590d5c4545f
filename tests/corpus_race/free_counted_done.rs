//! Workers count themselves done; who has seen all of them may read what they wrote.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicUsize, Ordering};
use instrumented_sync::thread;
struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static CELLS: [Cell<u64>; 3] = [const { Cell(UnsafeCell::new(0)) }; 3];
static DONE: AtomicUsize = AtomicUsize::new(0);

pub fn main() {
    let workers = [0, 1, 2].map(|own| {
        thread::spawn(move || {
            CELLS[own].0.with_mut(|cell| unsafe { *cell = 7 });
            DONE.fetch_add(1, Ordering::Release);
        })
    });
    while DONE.load(Ordering::Acquire) != 3 {
        std::thread::yield_now();
    }
    let sum: u64 = CELLS.iter().map(|cell| cell.0.with(|cell| unsafe { *cell })).sum();
    assert_eq!(sum, 21);
    workers.into_iter().for_each(|worker| worker.join().unwrap());
}

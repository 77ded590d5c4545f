//! Each bit of a word is a lock of its own.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicU32, Ordering};
use instrumented_sync::thread;
struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static CELLS: [Cell<u64>; 2] = [const { Cell(UnsafeCell::new(0)) }; 2];
static BITS: AtomicU32 = AtomicU32::new(0);

fn add(index: usize) {
    let bit = 1 << index;
    while BITS.fetch_or(bit, Ordering::Acquire) & bit != 0 {
        std::thread::yield_now();
    }
    CELLS[index].0.with_mut(|cell| unsafe { *cell += 1 });
    BITS.fetch_and(!bit, Ordering::Release);
}

pub fn main() {
    let threads =
        [0, 1, 2].map(|start| thread::spawn(move || (0..30).for_each(|n| add((start + n) % 2))));
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    let sum: u64 = CELLS.iter().map(|cell| cell.0.with(|cell| unsafe { *cell })).sum();
    assert_eq!(sum, 90);
}

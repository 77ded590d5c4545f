//! Threads write their own cells, and read their neighbour's after a barrier.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::{Barrier, thread};

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

const THREADS: usize = 3;

static CELLS: [Cell<u64>; THREADS] = [const { Cell(UnsafeCell::new(0)) }; THREADS];
static PHASE: Barrier = Barrier::new(THREADS);

pub fn main() {
    let threads: Vec<_> = (0..THREADS)
        .map(|me| {
            thread::spawn(move || {
                for round in 0..10 {
                    CELLS[me].0.with_mut(|cell| unsafe { *cell = round });
                    PHASE.wait();
                    let neighbour = &CELLS[(me + 1) % THREADS].0;
                    assert_eq!(neighbour.with(|cell| unsafe { *cell }), round);
                    PHASE.wait();
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

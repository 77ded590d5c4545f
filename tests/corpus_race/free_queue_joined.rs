//! Tasks are put into a queue; who joins it sees what they did.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::Queue;
use instrumented_sync::thread;
use std::sync::Arc;
struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static CELLS: [Cell<u64>; 4] = [const { Cell(UnsafeCell::new(0)) }; 4];

pub fn main() {
    let queue = Arc::new(Queue::bounded(2));
    for _ in 0..2 {
        let queue = Arc::clone(&queue);
        thread::spawn(move || {
            loop {
                let index: usize = queue.get();
                CELLS[index].0.with_mut(|cell| unsafe { *cell += 1 });
                queue.task_done();
            }
        });
    }
    (0..4).for_each(|index| queue.put(index));
    queue.join();
    let sum: u64 = CELLS.iter().map(|cell| cell.0.with(|cell| unsafe { *cell })).sum();
    assert_eq!(sum, 4);
}

//! Boxes travel through a bounded queue.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::Queue;
use instrumented_sync::thread;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

pub fn main() {
    let queue: Queue<Box<Cell<u64>>> = Queue::bounded(2);
    let queue = &queue;
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for n in 0..20 {
                    let cell = Box::new(Cell(UnsafeCell::new(0)));
                    cell.0.with_mut(|cell| unsafe { *cell = n });
                    queue.put(cell);
                }
            });
        }
        let sum: u64 = (0..40)
            .map(|_| {
                let cell = queue.get();
                cell.0.with_mut(|cell| unsafe {
                    *cell += 1;
                    *cell
                })
            })
            .sum();
        assert_eq!(sum, 420);
    });
}

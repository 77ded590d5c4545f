//! Scope after scope over the same places, split among other threads each time.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::thread;
struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static CELLS: [Cell<u64>; 4] = [const { Cell(UnsafeCell::new(0)) }; 4];

pub fn main() {
    for round in 0..4 {
        thread::scope(|scope| {
            for half in 0..2 {
                scope.spawn(move || {
                    for step in 0..2 {
                        let cell = &CELLS[(round + half * 2 + step) % 4];
                        cell.0.with_mut(|cell| unsafe { *cell += 1 });
                    }
                });
            }
        });
    }
    let sum: u64 = CELLS.iter().map(|cell| cell.0.with(|cell| unsafe { *cell })).sum();
    assert_eq!(sum, 16);
}

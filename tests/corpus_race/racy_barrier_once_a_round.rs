//! One barrier in each round: the next round writes while the neighbour still reads.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::{Barrier, thread};
struct Cell<T>(UnsafeCell<T>);

// SAFETY: this is what the program gets wrong.
unsafe impl<T> Sync for Cell<T> {}

static CELLS: [Cell<u64>; 2] = [Cell(UnsafeCell::new(0)), Cell(UnsafeCell::new(0))];
static ROUND: Barrier = Barrier::new(2);

fn work(own: usize) {
    for round in 0..3 {
        CELLS[own].0.with_mut(|cell| unsafe { *cell = round }); // (1)
        ROUND.wait();
        CELLS[1 - own].0.with(|cell| unsafe { *cell }); // (2)
    }
}

pub fn main() {
    let other = thread::spawn(|| work(1));
    work(0);
    other.join().unwrap();
}

//! A barrier of atomics whose sense turns with each round.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicBool, AtomicUsize, Ordering};
use instrumented_sync::thread;
struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

const THREADS: usize = 3;

static CELLS: [Cell<u64>; THREADS] = [const { Cell(UnsafeCell::new(0)) }; THREADS];
static ARRIVED: AtomicUsize = AtomicUsize::new(0);
static SENSE: AtomicBool = AtomicBool::new(false);

fn meet(sense: &mut bool) {
    *sense = !*sense;
    if ARRIVED.fetch_add(1, Ordering::AcqRel) == THREADS - 1 {
        ARRIVED.store(0, Ordering::Relaxed);
        SENSE.store(*sense, Ordering::Release);
    } else {
        while SENSE.load(Ordering::Acquire) != *sense {
            std::thread::yield_now();
        }
    }
}

fn work(own: usize) {
    let mut sense = false;
    for round in 1..=5 {
        CELLS[own].0.with_mut(|cell| unsafe { *cell = round });
        meet(&mut sense);
        let sum: u64 = CELLS.iter().map(|cell| cell.0.with(|cell| unsafe { *cell })).sum();
        assert_eq!(sum, round * THREADS as u64);
        meet(&mut sense);
    }
}

pub fn main() {
    let threads = [0, 1, 2].map(|own| thread::spawn(move || work(own)));
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

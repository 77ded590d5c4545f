//! A place that is empty, being written, full or being read, by an atomic state.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicU8, Ordering};
use instrumented_sync::thread;
struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

const EMPTY: u8 = 0;
const WRITING: u8 = 1;
const FULL: u8 = 2;
const READING: u8 = 3;

static PLACE: Cell<u64> = Cell(UnsafeCell::new(0));
static STATE: AtomicU8 = AtomicU8::new(EMPTY);

fn change(from: u8, to: u8) {
    while STATE.compare_exchange(from, to, Ordering::Acquire, Ordering::Relaxed).is_err() {
        std::thread::yield_now();
    }
}

pub fn main() {
    let writers = [0, 1].map(|_| {
        thread::spawn(|| {
            for item in 0..20 {
                change(EMPTY, WRITING);
                PLACE.0.with_mut(|place| unsafe { *place = item });
                STATE.store(FULL, Ordering::Release);
            }
        })
    });
    let readers = [0, 1].map(|_| {
        thread::spawn(|| {
            let mut sum = 0;
            for _ in 0..20 {
                change(FULL, READING);
                sum += PLACE.0.with(|place| unsafe { *place });
                STATE.store(EMPTY, Ordering::Release);
            }
            sum
        })
    });
    writers.into_iter().for_each(|writer| writer.join().unwrap());
    let sum: u64 = readers.into_iter().map(|reader| reader.join().unwrap()).sum();
    assert_eq!(sum, 380);
}

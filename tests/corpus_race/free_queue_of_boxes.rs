//! Boxes travel through a queue under a mutex; they are used outside of it.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::{Mutex, thread};
use std::collections::VecDeque;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static QUEUE: Mutex<VecDeque<Box<Cell<u64>>>> = Mutex::new(VecDeque::new());

pub fn main() {
    let producer = thread::spawn(|| {
        for n in 0..20 {
            let cell = Box::new(Cell(UnsafeCell::new(0)));
            cell.0.with_mut(|cell| unsafe { *cell = n });
            QUEUE.lock().unwrap().push_back(cell);
        }
    });
    let (mut sum, mut count) = (0, 0);
    while count < 20 {
        let Some(cell) = QUEUE.lock().unwrap().pop_front() else {
            std::thread::yield_now();
            continue;
        };
        cell.0.with_mut(|cell| unsafe { *cell += 1 });
        sum += cell.0.with(|cell| unsafe { *cell });
        count += 1;
    }
    assert_eq!(sum, 210);
    producer.join().unwrap();
}

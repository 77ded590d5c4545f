//! A place of its own goes from thread to thread in messages, and is changed by each.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::{mpsc, thread};
struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

fn stage(
    from: mpsc::Receiver<Box<Cell<u64>>>,
    to: mpsc::Sender<Box<Cell<u64>>>,
) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        for place in from {
            place.0.with_mut(|value| unsafe { *value += 1 });
            to.send(place).unwrap();
        }
    })
}

pub fn main() {
    let (first, second) = mpsc::channel();
    let (third, fourth) = mpsc::channel();
    let (fifth, last) = mpsc::channel();
    let stages = [stage(second, third), stage(fourth, fifth)];
    for start in 0..20 {
        let place = Box::new(Cell(UnsafeCell::new(0)));
        place.0.with_mut(|value| unsafe { *value = start });
        first.send(place).unwrap();
    }
    drop(first);
    let sum: u64 = last.iter().map(|place| place.0.with(|value| unsafe { *value })).sum();
    stages.into_iter().for_each(|stage| stage.join().unwrap());
    assert_eq!(sum, 190 + 40);
}

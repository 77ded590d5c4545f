//! Ownership travels through a channel.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::{mpsc, thread};

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

pub fn main() {
    let (sender, receiver) = mpsc::channel::<Box<Cell<u64>>>();
    let senders: Vec<_> = (0..3)
        .map(|n| {
            let sender = sender.clone();
            thread::spawn(move || {
                let cell = Box::new(Cell(UnsafeCell::new(0)));
                cell.0.with_mut(|cell| unsafe { *cell = n });
                sender.send(cell).unwrap();
            })
        })
        .collect();
    drop(sender);
    let mut sum = 0;
    for cell in receiver {
        cell.0.with_mut(|cell| unsafe {
            *cell += 1;
            sum += *cell;
        });
    }
    assert_eq!(sum, 6);
    senders.into_iter().for_each(|thread| thread.join().unwrap());
}

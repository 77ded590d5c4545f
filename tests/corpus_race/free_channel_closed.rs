//! The end of a channel says that all senders are done.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::{mpsc, thread};

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static CELLS: [Cell<u64>; 3] = [const { Cell(UnsafeCell::new(0)) }; 3];

pub fn main() {
    let (sender, receiver) = mpsc::channel::<()>();
    for cell in &CELLS {
        let sender = sender.clone();
        thread::spawn(move || {
            cell.0.with_mut(|cell| unsafe { *cell = 7 });
            drop(sender);
        });
    }
    drop(sender);
    assert!(receiver.recv().is_err());
    let sum: u64 = CELLS.iter().map(|cell| cell.0.with(|cell| unsafe { *cell })).sum();
    assert_eq!(sum, 21);
}

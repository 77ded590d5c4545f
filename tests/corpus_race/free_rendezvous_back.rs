//! A rendezvous orders both ways.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::{mpsc, thread};

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));

pub fn main() {
    let (sender, receiver) = mpsc::sync_channel(0);
    let reader = thread::spawn(move || {
        assert_eq!(VALUE.0.with(|value| unsafe { *value }), 0);
        (0..1).for_each(|_| receiver.recv().unwrap());
    });
    // The last of these needs the room that the first receive makes.
    (0..1).for_each(|_| sender.send(()).unwrap());
    VALUE.0.with_mut(|value| unsafe { *value = 7 });
    reader.join().unwrap();
}

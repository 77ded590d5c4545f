//! Written by one thread, then only read, by many.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::{Arc, thread};

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

pub fn main() {
    let cell = Arc::new(Cell(UnsafeCell::new(0_u64)));
    cell.0.with_mut(|cell| unsafe { *cell = 7 });
    let threads = [(); 3].map(|()| {
        let cell = Arc::clone(&cell);
        thread::spawn(move || cell.0.with(|cell| unsafe { *cell }))
    });
    for thread in threads {
        assert_eq!(thread.join().unwrap(), 7);
    }
}

//! A value inside a `OnceLock` is found by `get`.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::{OnceLock, thread};

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: OnceLock<Cell<u64>> = OnceLock::new();

pub fn main() {
    let maker = thread::spawn(|| {
        VALUE.get_or_init(|| {
            let cell = Cell(UnsafeCell::new(0));
            cell.0.with_mut(|cell| unsafe { *cell = 7 });
            cell
        });
    });
    let found = loop {
        match VALUE.get() {
            Some(cell) => break cell,
            None => std::thread::yield_now(),
        }
    };
    assert_eq!(found.0.with(|cell| unsafe { *cell }), 7);
    maker.join().unwrap();
}

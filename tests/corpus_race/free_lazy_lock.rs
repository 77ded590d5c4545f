//! A value inside a `LazyLock`.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::{LazyLock, thread};

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: LazyLock<Cell<u64>> = LazyLock::new(|| {
    let cell = Cell(UnsafeCell::new(0));
    cell.0.with_mut(|cell| unsafe { *cell = 7 });
    cell
});

pub fn main() {
    let threads = [(); 3].map(|()| thread::spawn(|| VALUE.0.with(|cell| unsafe { *cell })));
    for thread in threads {
        assert_eq!(thread.join().unwrap(), 7);
    }
}

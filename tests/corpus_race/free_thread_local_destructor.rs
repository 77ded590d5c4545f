//! A thread's last access is in a destructor of a thread local; `join` waits for that too.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::thread;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));

struct Last;

impl Drop for Last {
    fn drop(&mut self) {
        VALUE.0.with_mut(|value| unsafe { *value += 1 });
    }
}

thread_local! {
    static LAST: Last = const { Last };
}

pub fn main() {
    for _ in 0..5 {
        thread::spawn(|| LAST.with(|_| VALUE.0.with_mut(|value| unsafe { *value += 1 })))
            .join()
            .unwrap();
    }
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 10);
}

//! Counting under a mutex that lies beside the value.

use instrumented_sync::Mutex;
use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::thread;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static LOCK: Mutex<()> = Mutex::new(());

fn count() {
    for _ in 0..50 {
        let _guard = LOCK.lock().unwrap();
        VALUE.0.with_mut(|value| unsafe { *value += 1 });
    }
}

pub fn main() {
    let threads = [(); 3].map(|()| thread::spawn(count));
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 150);
}

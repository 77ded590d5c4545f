//! Readers read, writers write.

use instrumented_sync::RwLock;
use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::thread;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static LOCK: RwLock<()> = RwLock::new(());

pub fn main() {
    let writers = [(); 2].map(|()| {
        thread::spawn(|| {
            for _ in 0..30 {
                let _guard = LOCK.write().unwrap();
                VALUE.0.with_mut(|value| unsafe { *value += 1 });
            }
        })
    });
    let readers = [(); 2].map(|()| {
        thread::spawn(|| {
            for _ in 0..30 {
                let _guard = LOCK.read().unwrap();
                assert!(VALUE.0.with(|value| unsafe { *value }) <= 60);
            }
        })
    });
    writers.into_iter().chain(readers).for_each(|thread| thread.join().unwrap());
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 60);
}

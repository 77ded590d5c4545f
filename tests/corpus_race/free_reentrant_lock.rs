//! A lock taken twice by one thread guards all along.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::ReentrantLock;
use instrumented_sync::thread;
struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static LOCK: ReentrantLock<()> = ReentrantLock::new(());

fn add() {
    let _again = LOCK.lock();
    VALUE.0.with_mut(|value| unsafe { *value += 1 });
}

pub fn main() {
    let work = || {
        for _ in 0..20 {
            let _outer = LOCK.lock();
            add();
            add();
            VALUE.0.with_mut(|value| unsafe { *value += 1 });
        }
    };
    let threads = [thread::spawn(work), thread::spawn(work)];
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 120);
}

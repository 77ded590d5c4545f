//! Mutual exclusion by Peterson's algorithm.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicBool, AtomicUsize, Ordering};
use instrumented_sync::thread;

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static WANTS: [AtomicBool; 2] = [const { AtomicBool::new(false) }; 2];
static TURN: AtomicUsize = AtomicUsize::new(0);

fn count(me: usize) {
    for _ in 0..20 {
        WANTS[me].store(true, Ordering::SeqCst);
        TURN.store(1 - me, Ordering::SeqCst);
        while WANTS[1 - me].load(Ordering::SeqCst) && TURN.load(Ordering::SeqCst) == 1 - me {
            std::thread::yield_now();
        }
        VALUE.0.with_mut(|value| unsafe { *value += 1 });
        WANTS[me].store(false, Ordering::SeqCst);
    }
}

pub fn main() {
    let threads = [0, 1].map(|me| thread::spawn(move || count(me)));
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 40);
}

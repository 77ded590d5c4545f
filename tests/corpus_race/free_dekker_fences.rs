//! Dekker's algorithm with relaxed accesses and fences.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicBool, AtomicUsize, Ordering, fence};
use instrumented_sync::thread;
struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static WANTS: [AtomicBool; 2] = [AtomicBool::new(false), AtomicBool::new(false)];
static TURN: AtomicUsize = AtomicUsize::new(0);

fn add(own: usize) {
    let other = 1 - own;
    WANTS[own].store(true, Ordering::Relaxed);
    fence(Ordering::SeqCst);
    while WANTS[other].load(Ordering::Relaxed) {
        if TURN.load(Ordering::Relaxed) != own {
            WANTS[own].store(false, Ordering::Relaxed);
            while TURN.load(Ordering::Relaxed) != own {
                std::thread::yield_now();
            }
            WANTS[own].store(true, Ordering::Relaxed);
            fence(Ordering::SeqCst);
        }
        std::thread::yield_now();
    }
    fence(Ordering::Acquire);
    VALUE.0.with_mut(|value| unsafe { *value += 1 });
    fence(Ordering::Release);
    TURN.store(other, Ordering::Relaxed);
    WANTS[own].store(false, Ordering::Relaxed);
}

pub fn main() {
    let threads = [0, 1].map(|own| thread::spawn(move || (0..50).for_each(|_| add(own))));
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 100);
}

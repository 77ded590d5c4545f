//! A slot goes out by a channel and comes back by a relaxed flag.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicBool, Ordering};
use instrumented_sync::{mpsc, thread};
struct Cell<T>(UnsafeCell<T>);

// SAFETY: this is what the program gets wrong.
unsafe impl<T> Sync for Cell<T> {}

static SLOT: Cell<u64> = Cell(UnsafeCell::new(0));
static FREE: AtomicBool = AtomicBool::new(true);

pub fn main() {
    let (sender, receiver) = mpsc::channel();
    let reader = thread::spawn(move || {
        for () in receiver {
            SLOT.0.with(|slot| unsafe { *slot }); // (1)
            FREE.store(true, Ordering::Relaxed);
        }
    });
    for round in 0..2 {
        while !FREE.load(Ordering::Acquire) {
            std::thread::yield_now();
        }
        FREE.store(false, Ordering::Relaxed);
        SLOT.0.with_mut(|slot| unsafe { *slot = round }); // (2)
        sender.send(()).unwrap();
    }
    drop(sender);
    reader.join().unwrap();
}

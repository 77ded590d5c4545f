//! A semaphore lets two in.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::Semaphore;
use instrumented_sync::{Barrier, thread};
struct Cell<T>(UnsafeCell<T>);

// SAFETY: this is what the program gets wrong.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static ROOM: Semaphore = Semaphore::new(2);
static BOTH: Barrier = Barrier::new(2);

fn work() {
    let _permit = ROOM.permit();
    BOTH.wait();
    VALUE.0.with_mut(|value| unsafe { *value += 1 }); // (1)
}

pub fn main() {
    let threads = [thread::spawn(work), thread::spawn(work)];
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

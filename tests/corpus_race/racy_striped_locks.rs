//! Which of two locks guards the value depends on the caller.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::{Mutex, thread};
struct Cell<T>(UnsafeCell<T>);

// SAFETY: this is what the program gets wrong.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static STRIPES: [Mutex<()>; 2] = [const { Mutex::new(()) }; 2];

fn add(caller: usize) {
    let _stripe = STRIPES[caller % 2].lock().unwrap();
    VALUE.0.with_mut(|value| unsafe { *value += 1 }); // (1)
}

pub fn main() {
    let threads = [0, 1].map(|caller| thread::spawn(move || add(caller)));
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

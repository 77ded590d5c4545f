//! A semaphore of one permit, which goes from hand to hand.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::Semaphore;
use instrumented_sync::thread;
struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static ROOM: Semaphore = Semaphore::new(0);

fn add() {
    for _ in 0..20 {
        ROOM.acquire();
        VALUE.0.with_mut(|value| unsafe { *value += 1 });
        ROOM.release();
    }
}

pub fn main() {
    let threads = [thread::spawn(add), thread::spawn(add)];
    VALUE.0.with_mut(|value| unsafe { *value = 100 });
    ROOM.release();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 140);
}

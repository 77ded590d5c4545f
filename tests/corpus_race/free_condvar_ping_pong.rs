//! Two threads take turns by a condition variable; the value is used outside of the lock.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::{Condvar, Mutex, thread};

struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static TURN: Mutex<u64> = Mutex::new(0);
static CHANGED: Condvar = Condvar::new();

fn play(me: u64) {
    for round in 0..20 {
        drop(CHANGED.wait_while(TURN.lock().unwrap(), |turn| *turn != 2 * round + me).unwrap());
        VALUE.0.with_mut(|value| unsafe { *value += 1 });
        *TURN.lock().unwrap() += 1;
        CHANGED.notify_all();
    }
}

pub fn main() {
    let players = [thread::spawn(|| play(0)), thread::spawn(|| play(1))];
    players.into_iter().for_each(|player| player.join().unwrap());
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 40);
}

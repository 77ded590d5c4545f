//! Works for ever on tracked places, so that it can be killed at any moment: `TOTAL` without a lock, `LEDGER` under one. After a
//! data race on `TOTAL` it prints `ready`.
use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::{Mutex, thread};

struct Cell<T>(UnsafeCell<T>);

// SAFETY: of `TOTAL` this is what the program gets wrong; `LEDGER` is accessed under `LOCK` only.
unsafe impl<T> Sync for Cell<T> {}

static TOTAL: Cell<u64> = Cell(UnsafeCell::new(0));
static LEDGER: Cell<u64> = Cell(UnsafeCell::new(0));
static LOCK: Mutex<()> = Mutex::new(());

fn work() {
    let _guard = LOCK.lock().unwrap();
    // SAFETY: the lock is held.
    LEDGER.0.with_mut(|ledger| unsafe { *ledger += 1 });
}

fn race() {
    // SAFETY: none: another thread does the same.
    TOTAL.0.with_mut(|total| unsafe { *total += 1 });
}

fn main() {
    [thread::spawn(race), thread::spawn(race)].into_iter().for_each(|t| t.join().unwrap());
    println!("ready");
    let forever = || {
        loop {
            race();
            work();
        }
    };
    [thread::spawn(forever), thread::spawn(forever)].into_iter().for_each(|t| t.join().unwrap());
}

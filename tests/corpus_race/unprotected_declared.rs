//! A shared value is accessed without the lock that is declared for it; another one happens to order the two.

use instrumented_sync::ext::{Shared, named};
use instrumented_sync::{Mutex, thread};
use std::sync::atomic::{AtomicBool, Ordering};

static LEDGER: Mutex<()> = named("ledger", Mutex::new(()));
static TOTAL: Shared<u64> = Shared::guarded_by("ledger", 0);
static LOG: Mutex<Vec<&str>> = Mutex::new(Vec::new());
static DONE: AtomicBool = AtomicBool::new(false);

pub fn main() {
    let deposit = thread::spawn(|| {
        let guard = LEDGER.lock().unwrap();
        // SAFETY: the lock is held.
        unsafe { TOTAL.write(|total| *total += 1) };
        drop(guard);
        LOG.lock().unwrap().push("deposit");
        DONE.store(true, Ordering::Relaxed);
    });
    while !DONE.load(Ordering::Relaxed) {
        std::thread::yield_now();
    }
    LOG.lock().unwrap().push("audit");
    drop(LEDGER.lock().unwrap());
    // SAFETY: this is what the program gets wrong.
    unsafe { TOTAL.write(|total| *total += 1) }; // (1)
    deposit.join().unwrap();
}

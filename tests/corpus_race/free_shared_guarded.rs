//! A shared value under the lock that is declared for it, and without it where nobody else can be.

use instrumented_sync::ext::{Shared, named};
use instrumented_sync::{Mutex, thread};

static LEDGER: Mutex<()> = named("ledger", Mutex::new(()));
static TOTAL: Shared<u64> = Shared::guarded_by("ledger", 0);

pub fn main() {
    // SAFETY: there is no other thread yet.
    unsafe { TOTAL.write(|total| *total = 1) };
    let threads = [1, 2].map(|n| {
        thread::spawn(move || {
            for _ in 0..10 {
                let _guard = LEDGER.lock().unwrap();
                // SAFETY: the lock is held.
                unsafe { TOTAL.write(|total| *total += n) };
            }
        })
    });
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    // SAFETY: the threads have ended.
    assert_eq!(unsafe { TOTAL.read(|total| *total) }, 31);
}

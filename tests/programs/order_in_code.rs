//! Declares an order, keeps it in one thread and breaks it later in the same thread: no cycle that could deadlock.
use instrumented_sync::{Mutex, RwLock, ext};

static LEDGER: Mutex<u64> = ext::named("ledger", Mutex::new(0));
static JOURNAL: RwLock<u64> = ext::named("journal", RwLock::new(0));
static AUDIT: Mutex<u64> = ext::named("audit", Mutex::new(0));

fn main() {
    ext::declare_order(["ledger", "journal", "audit"]);
    {
        let ledger = LEDGER.lock().unwrap();
        *AUDIT.lock().unwrap() += *ledger;
    }
    let audit = AUDIT.lock().unwrap();
    // Not waited for, so it breaks nothing.
    assert!(JOURNAL.try_read().is_ok());
    for _ in 0..3 {
        *LEDGER.lock().unwrap() += *audit;
    }
}

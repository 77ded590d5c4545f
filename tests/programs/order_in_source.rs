//! One nesting, in an order that only a declaration can call right or wrong.
use std::sync::Mutex;

static LEDGER: Mutex<u64> = Mutex::new(0);
static AUDIT: Mutex<u64> = Mutex::new(0);

fn main() {
    let audit = AUDIT.lock().unwrap();
    let mut ledger = LEDGER.lock().unwrap();
    *ledger += *audit;
}

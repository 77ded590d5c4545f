//! One side of the cycle is the lock of standard output, inside std and not recorded. But every thread sleeps until another one wakes it.
//! expect: rule=deadlock grade=observed threads=2 sites=1 locks=A
use std::io::Write;
use std::sync::{Barrier, Mutex};
use std::thread;

static LEDGER: Mutex<u32> = Mutex::new(0); // (A)
static BOTH_HOLD: Barrier = Barrier::new(2);

pub fn main() {
    thread::scope(|s| {
        s.spawn(|| {
            let mut out = std::io::stdout().lock();
            BOTH_HOLD.wait();
            writeln!(out, "{}", LEDGER.lock().unwrap()).unwrap(); // (1)
        });
        s.spawn(|| {
            let ledger = LEDGER.lock().unwrap();
            BOTH_HOLD.wait();
            // `println!` would not take the lock in a test, whose output is captured.
            writeln!(std::io::stdout(), "{ledger}").unwrap();
        });
    });
}

//! A destructor that runs while the thread unwinds locks what the thread still holds.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2
use std::sync::{Mutex, PoisonError};

static LOG: Mutex<Vec<&str>> = Mutex::new(Vec::new()); // (A)

struct Flush;

impl Drop for Flush {
    fn drop(&mut self) {
        LOG.lock().unwrap_or_else(PoisonError::into_inner).push("flushed"); // (2)
    }
}

pub fn main() {
    let mut log = LOG.lock().unwrap(); // (1)
    let _flush = Flush;
    log.push("started");
    std::panic::resume_unwind(Box::new("gives up"));
}

//! Sleeping.

use crate::rt::hook::{self, Waited, wait};
use std::panic::Location;
use std::thread as real;
use std::time::Duration;

/// Blocks for at least `dur`. Recorded as a wait that ends by itself.
#[track_caller]
pub fn sleep(dur: Duration) {
    let _waiting = hook::waiting(wait::SLEEP | wait::TIMED, Waited::Nothing, Location::caller());
    real::sleep(dur);
}

/// As [`sleep`], in milliseconds.
#[deprecated(since = "1.6.0", note = "replaced by `std::thread::sleep`")]
#[track_caller]
pub fn sleep_ms(ms: u32) {
    sleep(Duration::from_millis(u64::from(ms)));
}

//! Parking.

use crate::rt::hook::{self, Waited, wait};
use std::panic::Location;
use std::thread as real;
use std::time::Duration;

/// Blocks until the calling thread is unparked. Spurious wake-ups happen, as with std.
///
/// Recorded: the wait, which is checked for a deadlock.
///
/// # Panics
///
/// When this call completes a deadlock and the chosen response is to panic.
#[track_caller]
pub fn park() {
    let waiting = hook::waiting(wait::PARK, Waited::Nothing, Location::caller());
    real::park();
    drop(waiting);
    hook::parked();
}

/// Blocks until the calling thread is unparked, for at most about `dur`. Recorded as a wait that ends by itself.
#[track_caller]
pub fn park_timeout(dur: Duration) {
    let _waiting = hook::waiting(wait::PARK | wait::TIMED, Waited::Nothing, Location::caller());
    real::park_timeout(dur);
}

/// As [`park_timeout`], in milliseconds.
#[deprecated(since = "1.6.0", note = "replaced by `std::thread::park_timeout`")]
#[track_caller]
pub fn park_timeout_ms(ms: u32) {
    park_timeout(Duration::from_millis(u64::from(ms)));
}

//! Accesses are checked in a part of the time only: what else of them is seen costs a jump. What orders is always followed, and memory that comes and goes, so
//! what is told is as true as otherwise.
//!
//! The times are chosen at random, one in each [`CYCLE`]: the program does nothing in step with them. Two accesses that race, at most a millisecond apart, are
//! both in such a time with a probability of [`OPEN`] less that millisecond, by the cycle.

use super::mode;
use crate::rt::machine::clock;
use crate::rt::machine::own_thread;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long accesses are checked in each [`CYCLE`].
const OPEN: Duration = Duration::from_millis(10);
const CYCLE: Duration = Duration::from_millis(200);

/// What a recording says of it.
pub(crate) const NOTE: &str = "accesses to memory were checked in 10 ms of each 200 ms";

static IS_STARTED: AtomicBool = AtomicBool::new(false);

/// From here on it is so. Before the first access is checked; nothing is while the program has one thread.
#[cold]
pub(crate) fn ask() {
    mode::pause(true);
    mode::sample();
}

/// The program gets a second thread. A thread of ours begins with `first`.
#[cold]
pub(crate) fn begin(first: fn()) {
    // Relaxed: decides only who starts it.
    if mode::is_sampled() && !IS_STARTED.swap(true, Ordering::Relaxed) {
        let is_started = own_thread::start(c"syncscope-times", first, run);
        if !is_started {
            // All of them, then.
            mode::pause(false);
        }
    }
}

fn run() {
    let mut seed = clock::monotonic_ns() | 1;
    while mode::is_on() {
        // xorshift64 (Marsaglia, 2003).
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let rest = CYCLE - OPEN;
        let before = Duration::from_micros(seed % rest.as_micros() as u64);
        std::thread::sleep(before);
        mode::pause(false);
        std::thread::sleep(OPEN);
        mode::pause(true);
        std::thread::sleep(rest - before);
    }
}

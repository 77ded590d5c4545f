//! What whoever has waited for jobs of a thread pool knows: the call that asked for them has ended, whichever threads ran them.

use super::{Clock, Told};

/// Clocks name the calls of a thread as if they were a thread: by its number, with this bit. The segment is the call that has ended last.
const CALLS: u32 = 1 << 30;

/// The number by which clocks name the calls of a thread. `None` for numbers that are too large.
#[must_use]
pub fn calls_of(thread: u32) -> Option<u32> {
    (thread < CALLS).then_some(thread | CALLS)
}

/// What is known once a thread's call with this number has ended, and all before it.
#[must_use]
pub fn ended(thread: u32, call: u32) -> Option<Told> {
    Some(Clock::default().tell((calls_of(thread)?, call)))
}

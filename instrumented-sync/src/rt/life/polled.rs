// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! When a task that has a state was polled last, and by whom, for those who look at it.

use crate::rt::machine::clock;
use crate::rt::thread::local::Local;
use std::sync::atomic::Ordering;
use syncscope_recording::layout::slot;

/// A poll of the task of this state begins, by the thread of `by`.
#[inline]
pub(super) fn begins(local: &Local, by: Option<&Local>) {
    let by = by.map_or(0, |by| by.number);
    // Relaxed: for who looks from outside; a look in the middle of it mixes two polls.
    local.slot.u32(slot::POLLED_BY).store(by, Ordering::Relaxed);
    local.slot.u64(slot::POLLED).store(clock::ticks(), Ordering::Relaxed);
    local.slot.u64(slot::POLL_ENDED).store(0, Ordering::Relaxed);
}

/// The poll has ended.
#[inline]
pub(super) fn ended(local: &Local) {
    // Relaxed: as above.
    local.slot.u64(slot::POLL_ENDED).store(clock::ticks(), Ordering::Relaxed);
}

//! Whether the program has one thread.
//!
//! A process of one thread may do what others may not (`unshare`, `setns`, a fork that is safe), so the runtime starts no thread of its own
//! before the program has a second one: before the program spawns one, or one comes that nobody has spawned. What
//! the service would have told is told later: new orders at the exit or when there is company, and a lone thread that is
//! about to block for good is company to itself: no thread will do anything any more.

use super::{os, signals};
use std::sync::atomic::{AtomicBool, Ordering};
use syncscope_recording::layout::wait;

static COMPANY: AtomicBool = AtomicBool::new(false);

/// Whether no second thread was seen yet.
#[inline]
pub(super) fn is_lone() -> bool {
    // Relaxed: the thread that spawns the second has stored it itself.
    !COMPANY.load(Ordering::Relaxed)
}

/// There is a second thread, or there will be at once.
#[inline]
pub(super) fn begin() {
    if is_lone() {
        begin_now();
    }
}

#[cold]
fn begin_now() {
    // Relaxed: as in `is_lone`.
    COMPANY.store(true, Ordering::Relaxed);
    super::beat::end_alone();
}

/// In the child of a fork, which has one thread.
pub(super) fn forget() {
    // Relaxed: the child has one thread.
    COMPANY.store(false, Ordering::Relaxed);
}

/// The thread is about to block in a wait of this kind, in a place where it really blocks. If it is alone, it does so for good: nobody is
/// there to wake it, but a signal handler. Then a thread of ours does no harm, and tells.
#[cold]
pub(super) fn about_to_block(kind: u32, is_token_kept: bool) {
    let ends = kind & wait::TIMED != 0
        || kind == wait::SLEEP
        || kind == wait::PARK && is_token_kept
        // The thread runs the initialiser itself; and threads that there were once.
        || matches!(kind, wait::ONCE | wait::JOIN | wait::SCOPE);
    if !ends && is_lone() && os::tids().len() == 1 && !signals::has_handlers() {
        begin_now();
    }
}

//! Whether the program has one thread.
//!
//! A process of one thread may do what others may not (`unshare`, `setns`, a fork that is safe), so the runtime starts no thread of its own
//! before the program has a second one: before the program spawns one, or one comes that nobody has spawned. What
//! the service would have told is told later: new orders at the exit or when there is company, and a lone thread that is
//! about to block for good is company to itself: no thread will do anything any more. So is one whose tasks are in a deadlock, or wait for what was let go
//! of for good: they do nothing any more.

use std::sync::atomic::{AtomicBool, Ordering};

static COMPANY: AtomicBool = AtomicBool::new(false);

/// Whether no second thread was seen yet.
#[inline]
pub(crate) fn is_lone() -> bool {
    // Relaxed: the thread that spawns the second has stored it itself.
    !COMPANY.load(Ordering::Relaxed)
}

/// There is a second thread, or there will be at once.
pub(crate) fn end() {
    // Relaxed: as in `is_lone`.
    COMPANY.store(true, Ordering::Relaxed);
}

/// In the child of a fork, which has one thread.
pub(crate) fn forget() {
    // Relaxed: the child has one thread.
    COMPANY.store(false, Ordering::Relaxed);
}

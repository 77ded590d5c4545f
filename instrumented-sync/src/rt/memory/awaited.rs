//! Threads that have been spawned and have not told who they are.
//!
//! A new thread runs some of std's code before it comes to ours, which knows what it comes after. Until then nothing that it does is checked. Whether a thread is
//! such a one cannot be seen, so while there are any, no thread that is new begins to be checked.

use std::sync::atomic::{AtomicUsize, Ordering};

static AWAITED: AtomicUsize = AtomicUsize::new(0);

/// A thread that is awaited as long as this lives.
#[derive(Debug)]
pub(crate) struct Awaited(());

impl Awaited {
    pub(crate) fn new() -> Self {
        // Relaxed: the new thread sees it, as it is begun by this one.
        AWAITED.fetch_add(1, Ordering::Relaxed);
        Self(())
    }
}

impl Drop for Awaited {
    fn drop(&mut self) {
        // Relaxed: as above.
        AWAITED.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Whether there are any.
pub(crate) fn are_any() -> bool {
    // Relaxed: as above.
    AWAITED.load(Ordering::Relaxed) != 0
}

/// In the child of a fork, where none of them comes.
pub(super) fn forget() {
    // Relaxed: the child has one thread.
    AWAITED.store(0, Ordering::Relaxed);
}

//! Which guards may move to another thread.
//!
//! A thread is taken to hold what it has acquired and not released. That proves nothing if a guard may be sent, or has been:
//! another thread may let the lock go. So whoever wants to prove something by a held lock asks here first.

use super::class_set::ClassSet;
use std::sync::atomic::{AtomicU32, Ordering};

/// What is known of guards that move.
#[derive(Debug)]
pub(crate) struct Movable {
    /// Classes whose guards may be released by any thread.
    may: ClassSet,
    /// Those of them of which that was seen.
    did: ClassSet,
    /// Releases by other threads so far; wraps.
    releases: AtomicU32,
}

impl Movable {
    pub(crate) fn new() -> Self {
        Self { may: ClassSet::default(), did: ClassSet::default(), releases: AtomicU32::new(0) }
    }

    /// Guards of this class may be sent: the types say so.
    pub(crate) fn allow(&self, class: u32) {
        self.may.insert(class);
    }

    /// A guard of this class was released by another thread than the one that acquired it. `true` for the first one.
    #[cold]
    pub(crate) fn note(&self, class: u32) -> bool {
        self.may.insert(class);
        self.did.insert(class)
    }

    /// Whether nobody but the thread that acquired a lock of this class can have released it.
    pub(crate) fn is_bound(&self, class: u32) -> bool {
        !self.may.contains(class)
    }

    /// Whether a guard of this class was released by another thread than the one that acquired it.
    pub(crate) fn has_moved(&self, class: u32) -> bool {
        self.did.contains(class)
    }

    /// An entry of some held stack was marked as gone.
    #[cold]
    pub(crate) fn marked(&self) {
        // Release: pairs with the Acquire in `releases`: who sees the number finds the mark.
        self.releases.fetch_add(1, Ordering::Release);
    }

    /// How often that happened.
    #[inline]
    pub(crate) fn releases(&self) -> u32 {
        // Acquire: pairs with the Release in `marked`.
        self.releases.load(Ordering::Acquire)
    }
}

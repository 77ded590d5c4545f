//! What a thread keeps of the jobs of thread pools that it runs.

use crate::rt::machine::clock;
use std::cell::{Cell, RefCell};

/// Locks that are remembered; a power of two.
const REMEMBERED: usize = 1 << 10;

/// A lock, and where in the tree of jobs it was taken last.
type Taken = (u64, u64);

/// What a thread keeps of its jobs.
#[derive(Debug, Default)]
pub(crate) struct ThreadJobs {
    /// When it last heard of others, in a way that may order what they did before: ticks, 0 for never.
    heard: Cell<u64>,
    /// By the number of the lock; empty before the first.
    taken: RefCell<Vec<Taken>>,
}

impl ThreadJobs {
    /// The thread has heard of others.
    #[cold]
    pub(crate) fn hears(&self) {
        self.heard.set(clock::ticks());
    }

    /// When it did last.
    pub(crate) fn heard(&self) -> u64 {
        self.heard.get()
    }

    /// Whether the lock was the last one of its place here that was taken in this branch, when so much had come out of that. From
    /// now on it is.
    #[inline]
    pub(crate) fn has_taken(&self, instance: u32, access: u8, (branch, out): (u64, u32)) -> bool {
        let Ok(mut taken) = self.taken.try_borrow_mut() else { return true };
        let Some(place) = taken.get_mut(instance as usize % REMEMBERED) else {
            return false;
        };
        let this = (branch, u64::from(out) << 40 ^ u64::from(access) << 32 ^ u64::from(instance));
        std::mem::replace(place, this) == this
    }

    /// Makes room to remember what is taken. Where that may be done.
    #[cold]
    pub(crate) fn remember(&self) {
        if let Ok(mut taken) = self.taken.try_borrow_mut()
            && taken.is_empty()
        {
            taken.resize(REMEMBERED, (0, 0));
        }
    }
}

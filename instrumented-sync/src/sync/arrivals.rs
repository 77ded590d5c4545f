//! Who has come to a barrier.

use crate::rt::hook::{self, Site, Waited, wait};
use crate::rt::object::meta::{Desc, Meta};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts the threads at a barrier.
#[derive(Debug)]
pub(crate) struct Arrivals {
    /// Threads that a generation needs.
    size: usize,
    /// Threads of the current generation that have come here: tells the last one, which does not wait.
    arrived: AtomicUsize,
}

impl Arrivals {
    #[inline]
    pub(crate) const fn new(size: usize) -> Self {
        Self { size, arrived: AtomicUsize::new(0) }
    }

    /// Passes the barrier by `pass`, which is the real call.
    ///
    /// Recorded: the wait, which is checked for a deadlock, but not for the thread that comes last; and the passage.
    ///
    /// # Panics
    ///
    /// When this completes a deadlock and the chosen response is to panic; and as `pass`.
    pub(crate) fn pass<R>(
        &self,
        meta: &Meta,
        desc: &'static Desc,
        site: Site,
        pass: impl FnOnce() -> R,
    ) -> R {
        hook::about_to!(BARRIER, Some(meta), site);
        hook::barrier_arriving(meta, desc, self.size);
        let waiting = if self.is_last() {
            None
        } else {
            let arrival = Arrival(self);
            let object = Waited::Object(meta, desc);
            let waiting = hook::waiting(wait::BARRIER, object, site);
            std::mem::forget(arrival);
            Some(waiting)
        };
        let result = pass();
        drop(waiting);
        hook::barrier_passed(meta, desc, site);
        result
    }

    /// Counts the caller in, and says whether it is the last of its generation.
    fn is_last(&self) -> bool {
        let next = |arrived| if arrived + 1 < self.size { arrived + 1 } else { 0 };
        // Relaxed: a count that orders nothing; the real barrier does.
        let update = self
            .arrived
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |arrived| Some(next(arrived)));
        let (Ok(before) | Err(before)) = update;
        next(before) == 0
    }
}

/// Counts a thread out again that was counted in but never reaches the real barrier.
struct Arrival<'a>(&'a Arrivals);

impl Drop for Arrival<'_> {
    fn drop(&mut self) {
        // Relaxed: as in `is_last`. Saturating: the generation may have ended meanwhile.
        let _ = self
            .0
            .arrived
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |arrived| arrived.checked_sub(1));
    }
}

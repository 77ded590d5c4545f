//! `Barrier`.

use crate::rt::hook::{self, Waited, primitive, wait};
use crate::rt::object::meta::{Desc, Meta};
use std::fmt;
use std::panic::Location;
use std::sync as real;
use std::sync::BarrierWaitResult;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A place where threads wait for each other: [`std::sync::Barrier`], recorded.
pub struct Barrier {
    pub(crate) meta: Meta,
    /// Threads that a generation needs.
    size: usize,
    /// Threads of the current generation that have come here: tells the last one, which does not wait.
    arrived: AtomicUsize,
    inner: real::Barrier,
}

impl Barrier {
    const DESC: &'static Desc = &Desc::of::<()>(primitive::BARRIER);

    /// A new barrier for `n` threads. The caller's place becomes its creation site.
    #[must_use]
    #[inline]
    #[track_caller]
    pub const fn new(n: usize) -> Barrier {
        Barrier {
            meta: Meta::new(),
            size: n,
            arrived: AtomicUsize::new(0),
            inner: real::Barrier::new(n),
        }
    }

    /// Blocks until `n` threads have called this, then lets all of them go; one is told that it is the leader.
    ///
    /// Recorded: the wait, which is checked for a deadlock, but not for the thread that comes last; and the passage.
    ///
    /// # Panics
    ///
    /// When this call completes a deadlock and the chosen response is to panic.
    #[track_caller]
    pub fn wait(&self) -> BarrierWaitResult {
        let site = Location::caller();
        hook::barrier_arriving(&self.meta, Self::DESC, self.size);
        let waiting = if self.is_last() {
            None
        } else {
            let arrival = Arrival(self);
            let object = Waited::Object(&self.meta, Self::DESC);
            let waiting = hook::waiting(wait::BARRIER, object, site);
            std::mem::forget(arrival);
            Some(waiting)
        };
        let result = self.inner.wait();
        drop(waiting);
        hook::barrier_passed(&self.meta, Self::DESC, site);
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
struct Arrival<'a>(&'a Barrier);

impl Drop for Arrival<'_> {
    fn drop(&mut self) {
        // Relaxed: as in `is_last`. Saturating: the generation may have ended meanwhile.
        let _ = self
            .0
            .arrived
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |arrived| arrived.checked_sub(1));
    }
}

impl fmt::Debug for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

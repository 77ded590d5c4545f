//! `Barrier`.

use super::arrivals::Arrivals;
use crate::rt::hook::primitive;
use crate::rt::object::meta::{Desc, Meta};
use std::fmt;
use std::panic::Location;
use std::sync as real;
use std::sync::BarrierWaitResult;

/// A place where threads wait for each other: [`std::sync::Barrier`], recorded.
pub struct Barrier {
    pub(crate) meta: Meta,
    arrivals: Arrivals,
    inner: real::Barrier,
}

impl Barrier {
    const DESC: &'static Desc = &Desc::of::<()>(primitive::BARRIER);

    /// A new barrier for `n` threads. The caller's place becomes its creation site.
    #[must_use]
    #[inline]
    #[track_caller]
    pub const fn new(n: usize) -> Barrier {
        Barrier { meta: Meta::new(), arrivals: Arrivals::new(n), inner: real::Barrier::new(n) }
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
        self.arrivals.pass(&self.meta, Self::DESC, Location::caller(), || self.inner.wait())
    }
}

impl fmt::Debug for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

//! Barriers of threads.

use super::{Identity, Kind, Site};
use crate::sync::arrivals::Arrivals;

/// What is told of a barrier.
#[derive(Debug)]
pub struct Meeting {
    identity: Identity,
    arrivals: Arrivals,
}

impl Meeting {
    /// A barrier for so many threads, created at this place.
    #[inline]
    #[must_use]
    pub const fn at(site: Site, threads: usize) -> Self {
        Self { identity: Identity::at(site), arrivals: Arrivals::new(threads) }
    }

    /// Passes the barrier by `pass`, the real call, which waits until all threads have come.
    ///
    /// # Panics
    ///
    /// When this completes a deadlock and the chosen response is to panic; and as `pass`.
    pub fn pass<R>(&self, site: Site, pass: impl FnOnce() -> R) -> R {
        self.arrivals.pass(&self.identity.0, &Kind::BARRIER.0, site, pass)
    }
}

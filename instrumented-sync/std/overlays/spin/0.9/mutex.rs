//! The state of a mutex, and who it is.

use super::{Identity, Kind, Mode, Site, Spinning, site};
use core::ops::Deref;

/// The atomic variable of a mutex, with what tells the runtime.
pub struct RecordedMutex<A> {
    identity: Identity,
    real: A,
}

impl<A> Deref for RecordedMutex<A> {
    type Target = A;

    #[inline]
    fn deref(&self) -> &A {
        &self.real
    }
}

impl<A> RecordedMutex<A> {
    /// The caller's place becomes the creation site.
    #[inline]
    #[track_caller]
    pub(crate) const fn of(real: A) -> Self {
        Self { identity: Identity::at(site()), real }
    }

    /// Acquires by `lock`, which spins.
    #[inline]
    pub(crate) fn lock<G>(&self, site: Site, lock: impl FnOnce(&mut Spinning<'_>) -> G) -> G {
        self.identity.ready(Kind::MUTEX);
        let block = || self.identity.block(Kind::MUTEX, Mode::Exclusive, false, site);
        let mut spinning = Spinning::new(&block);
        let guard = lock(&mut spinning);
        match spinning.end() {
            Some(blocked) => blocked.acquired(),
            None => self.identity.hold(Kind::MUTEX, Mode::Exclusive, false, site),
        }
        guard
    }

    /// Acquires by `attempt`, else by `lock`, which has its turn: who has queued cannot leave any more, so the wait is told before.
    #[inline]
    pub(crate) fn lock_in_turn<G>(
        &self,
        site: Site,
        attempt: impl FnOnce() -> Option<G>,
        lock: impl FnOnce() -> G,
    ) -> G {
        self.identity.acquire(Kind::MUTEX, Mode::Exclusive, site, attempt, lock)
    }

    /// Acquires by `attempt`, if that succeeds.
    #[inline]
    pub(crate) fn try_lock<G, E>(
        &self,
        site: Site,
        attempt: impl FnOnce() -> Result<G, E>,
    ) -> Result<G, E> {
        self.identity.ready(Kind::MUTEX);
        let guard = attempt()?;
        self.identity.hold(Kind::MUTEX, Mode::Exclusive, true, site);
        Ok(guard)
    }

    /// Right before it is let go, by whomever.
    #[inline]
    pub(crate) fn release(&self) {
        self.identity.release(Mode::Exclusive);
    }

    /// The guard is given up: no thread counts as the holder.
    #[cold]
    pub(crate) fn leak(&self) {
        self.identity.forget();
    }
}

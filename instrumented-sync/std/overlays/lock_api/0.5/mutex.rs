//! A raw mutex, recorded.

use super::{Again, Identity, Kind, Mode, Site, site};
use crate::{RawMutex, RawMutexFair, RawMutexTimed};

/// A raw mutex that tells the runtime what it does.
pub struct RecordedMutex<R> {
    identity: Identity,
    real: R,
}

impl<R> RecordedMutex<R> {
    /// The caller's place becomes the creation site.
    #[inline]
    #[track_caller]
    pub const fn of(real: R) -> Self {
        Self { identity: Identity::here(), real }
    }

    /// It is lent: what is done through it is not seen, so the thread no longer counts as its holder.
    #[inline]
    pub fn lent(&self) -> &R {
        self.identity.forget();
        &self.real
    }

    /// The raw mutex, for what is told to the runtime in another way.
    #[inline]
    pub const fn real(&self) -> &R {
        &self.real
    }

    /// The raw mutex alone.
    #[inline]
    pub fn into_real(self) -> R {
        self.real
    }

    /// Who it is.
    #[inline]
    pub const fn identity(&self) -> &Identity {
        &self.identity
    }
}

impl<R: RawMutex> RecordedMutex<R> {
    const KIND: &'static Kind = if R::__SYNCSCOPE_SENT { Kind::SENT_MUTEX } else { Kind::MUTEX };

    #[inline]
    #[track_caller]
    pub(crate) fn lock_at(&self, site: Site) -> R::Guard {
        let (real, mode) = (&self.real, Mode::Exclusive);
        self.identity.acquire(Self::KIND, mode, site, || real.try_lock(), || real.lock())
    }

    #[inline]
    #[track_caller]
    pub(crate) fn try_lock_at(&self, site: Site) -> Option<R::Guard> {
        self.identity.try_acquire(Self::KIND, Mode::Exclusive, site, || self.real.try_lock())
    }

    #[inline]
    #[track_caller]
    fn within(&self, site: Site, wait: impl FnOnce(&R) -> Option<R::Guard>) -> Option<R::Guard> {
        let (attempt, wait) = (|| self.real.try_lock(), || wait(&self.real));
        self.identity.acquire_within(Self::KIND, Mode::Exclusive, site, attempt, wait)
    }
}

impl<R: RawMutexTimed> RecordedMutex<R> {
    #[inline]
    #[track_caller]
    pub(crate) fn try_lock_for_at(&self, timeout: R::Duration, site: Site) -> Option<R::Guard> {
        self.within(site, |real| real.try_lock_for(timeout))
    }

    #[inline]
    #[track_caller]
    pub(crate) fn try_lock_until_at(&self, timeout: R::Instant, site: Site) -> Option<R::Guard> {
        self.within(site, |real| real.try_lock_until(timeout))
    }
}

// SAFETY: all methods are the real mutex's, which excludes as the trait wants; the calls beside them do not touch it. What
// may unwind comes before the real acquisition.
unsafe impl<R: RawMutex> RawMutex for RecordedMutex<R> {
    const INIT: Self = Self { identity: Identity::unknown(), real: R::INIT };

    type Guard = R::Guard;

    #[inline]
    #[track_caller]
    fn lock(&self) -> R::Guard {
        self.lock_at(site())
    }

    #[inline]
    #[track_caller]
    fn try_lock(&self) -> Option<R::Guard> {
        self.try_lock_at(site())
    }

    #[inline]
    unsafe fn unlock(&self, guard: R::Guard) {
        self.identity.release(Mode::Exclusive);
        // SAFETY: the caller holds the lock, by this guard.
        unsafe { self.real.unlock(guard) }
    }

    #[inline]
    fn is_locked(&self) -> bool {
        self.real.is_locked()
    }
}

// SAFETY: as above.
unsafe impl<R: RawMutexFair> RawMutexFair for RecordedMutex<R> {
    #[inline]
    unsafe fn unlock_fair(&self, guard: R::Guard) {
        self.identity.release(Mode::Exclusive);
        // SAFETY: the caller holds the lock, by this guard.
        unsafe { self.real.unlock_fair(guard) }
    }

    #[inline]
    #[track_caller]
    unsafe fn bump(&self, guard: &mut R::Guard) {
        let (identity, kind) = (&self.identity, Self::KIND);
        let again = Again { identity, kind, mode: Mode::Exclusive, site: site() };
        // SAFETY: the caller holds the lock, by this guard.
        again.bump(|| unsafe { self.real.bump(guard) });
    }
}

// SAFETY: as above.
unsafe impl<R: RawMutexTimed> RawMutexTimed for RecordedMutex<R> {
    type Duration = R::Duration;
    type Instant = R::Instant;

    #[inline]
    #[track_caller]
    fn try_lock_for(&self, timeout: R::Duration) -> Option<R::Guard> {
        self.try_lock_for_at(timeout, site())
    }

    #[inline]
    #[track_caller]
    fn try_lock_until(&self, timeout: R::Instant) -> Option<R::Guard> {
        self.try_lock_until_at(timeout, site())
    }
}

//! A raw mutex, recorded.

use super::{Identity, Kind, Mode, Site, site};
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

    /// Who it is, for that.
    #[inline]
    pub const fn identity(&self) -> &Identity {
        &self.identity
    }
}

impl<R: RawMutex> RecordedMutex<R> {
    const KIND: &'static Kind = if R::__SYNCSCOPE_SENT { Kind::SENT_MUTEX } else { Kind::MUTEX };

    #[inline]
    #[track_caller]
    pub(crate) fn lock_at(&self, site: Site) {
        let attempt = || self.real.try_lock().then_some(());
        self.identity.acquire(Self::KIND, Mode::Exclusive, site, attempt, || self.real.lock());
    }

    #[inline]
    #[track_caller]
    pub(crate) fn try_lock_at(&self, site: Site) -> bool {
        let attempt = || self.real.try_lock().then_some(());
        self.identity.try_acquire(Self::KIND, Mode::Exclusive, site, attempt).is_some()
    }

    #[inline]
    #[track_caller]
    fn within(&self, site: Site, wait: impl FnOnce(&R) -> bool) -> bool {
        let attempt = || self.real.try_lock().then_some(());
        let wait = || wait(&self.real).then_some(());
        self.identity.acquire_within(Self::KIND, Mode::Exclusive, site, attempt, wait).is_some()
    }

    #[inline]
    fn release(&self) {
        self.identity.release(Mode::Exclusive);
    }
}

impl<R: RawMutexTimed> RecordedMutex<R> {
    #[inline]
    #[track_caller]
    pub(crate) fn try_lock_for_at(&self, timeout: R::Duration, site: Site) -> bool {
        self.within(site, |real| real.try_lock_for(timeout))
    }

    #[inline]
    #[track_caller]
    pub(crate) fn try_lock_until_at(&self, timeout: R::Instant, site: Site) -> bool {
        self.within(site, |real| real.try_lock_until(timeout))
    }
}

// SAFETY: all methods are the real mutex's, which excludes as the trait wants; the calls beside them do not touch it.
unsafe impl<R: RawMutex> RawMutex for RecordedMutex<R> {
    const INIT: Self = Self { identity: Identity::unknown(), real: R::INIT };

    type GuardMarker = R::GuardMarker;

    #[inline]
    #[track_caller]
    fn lock(&self) {
        self.lock_at(site());
    }

    #[inline]
    #[track_caller]
    fn try_lock(&self) -> bool {
        self.try_lock_at(site())
    }

    #[inline]
    unsafe fn unlock(&self) {
        self.release();
        // SAFETY: the caller holds the lock.
        unsafe { self.real.unlock() }
    }

    #[inline]
    fn is_locked(&self) -> bool {
        self.real.is_locked()
    }
}

// SAFETY: as above.
unsafe impl<R: RawMutexFair> RawMutexFair for RecordedMutex<R> {
    #[inline]
    unsafe fn unlock_fair(&self) {
        self.release();
        // SAFETY: the caller holds the lock.
        unsafe { self.real.unlock_fair() }
    }

    // Given away to whoever waits, and taken back: that is a wait like others.
    #[inline]
    #[track_caller]
    unsafe fn bump(&self) {
        self.identity.release(Mode::Exclusive);
        let blocked = self.identity.block(Self::KIND, Mode::Exclusive, false, site());
        // SAFETY: the caller holds the lock.
        unsafe { self.real.bump() }
        blocked.acquired();
    }
}

// SAFETY: as above.
unsafe impl<R: RawMutexTimed> RawMutexTimed for RecordedMutex<R> {
    type Duration = R::Duration;
    type Instant = R::Instant;

    #[inline]
    #[track_caller]
    fn try_lock_for(&self, timeout: R::Duration) -> bool {
        self.try_lock_for_at(timeout, site())
    }

    #[inline]
    #[track_caller]
    fn try_lock_until(&self, timeout: R::Instant) -> bool {
        self.try_lock_until_at(timeout, site())
    }
}

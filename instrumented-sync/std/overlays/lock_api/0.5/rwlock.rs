//! A raw reader-writer lock, recorded.

use super::{Again, Identity, Kind, Mode, Site, site};
use crate::{RawRwLock, RawRwLockDowngrade, RawRwLockFair, RawRwLockTimed};

/// A raw lock that tells the runtime what it does.
pub struct RecordedRwLock<R> {
    pub(super) identity: Identity,
    /// See [`super::upgrade`].
    pub(super) right: Identity,
    pub(super) real: R,
}

impl<R> RecordedRwLock<R> {
    /// The caller's place becomes the creation site.
    #[inline]
    #[track_caller]
    pub const fn of(real: R) -> Self {
        Self { identity: Identity::here(), right: Identity::here(), real }
    }

    /// It is lent: what is done through it is not seen, so the thread no longer counts as a holder.
    #[inline]
    pub fn lent(&self) -> &R {
        self.identity.forget();
        self.right.forget();
        &self.real
    }

    /// The raw lock alone.
    #[inline]
    pub fn into_real(self) -> R {
        self.real
    }
}

impl<R: RawRwLock> RecordedRwLock<R> {
    pub(super) const KIND: &'static Kind =
        if R::__SYNCSCOPE_SENT { Kind::SENT_RWLOCK } else { Kind::RWLOCK };
    /// How readers take it.
    pub(super) const SHARED: Mode =
        if R::__SYNCSCOPE_RECURSIVE { Mode::Recursive } else { Mode::Shared };

    #[inline]
    #[track_caller]
    pub(crate) fn lock_shared_at(&self, site: Site) -> R::SharedGuard {
        let real = &self.real;
        let (attempt, block) = (|| real.try_lock_shared(), || real.lock_shared());
        self.identity.acquire(Self::KIND, Self::SHARED, site, attempt, block)
    }

    #[inline]
    #[track_caller]
    pub(crate) fn lock_exclusive_at(&self, site: Site) -> R::ExclusiveGuard {
        let real = &self.real;
        let (attempt, block) = (|| real.try_lock_exclusive(), || real.lock_exclusive());
        self.identity.acquire(Self::KIND, Mode::Exclusive, site, attempt, block)
    }

    #[inline]
    fn shared_within(
        &self,
        site: Site,
        wait: impl FnOnce() -> Option<R::SharedGuard>,
    ) -> Option<R::SharedGuard> {
        let attempt = || self.real.try_lock_shared();
        self.identity.acquire_within(Self::KIND, Self::SHARED, site, attempt, wait)
    }

    #[inline]
    fn exclusive_within(
        &self,
        site: Site,
        wait: impl FnOnce() -> Option<R::ExclusiveGuard>,
    ) -> Option<R::ExclusiveGuard> {
        let attempt = || self.real.try_lock_exclusive();
        self.identity.acquire_within(Self::KIND, Mode::Exclusive, site, attempt, wait)
    }

    /// What gives it away for a moment.
    pub(super) fn again(&self, mode: Mode, site: Site) -> Again<'_> {
        Again { identity: &self.identity, kind: Self::KIND, mode, site }
    }
}

// SAFETY: all methods are the real lock's, which excludes as the trait wants; the calls beside them do not touch it. What
// may unwind comes before the real acquisition, or is covered by `Again`.
unsafe impl<R: RawRwLock> RawRwLock for RecordedRwLock<R> {
    const INIT: Self =
        Self { identity: Identity::unknown(), right: Identity::unknown(), real: R::INIT };

    type SharedGuard = R::SharedGuard;
    type ExclusiveGuard = R::ExclusiveGuard;

    #[inline]
    #[track_caller]
    fn lock_shared(&self) -> R::SharedGuard {
        self.lock_shared_at(site())
    }

    #[inline]
    #[track_caller]
    fn try_lock_shared(&self) -> Option<R::SharedGuard> {
        let attempt = || self.real.try_lock_shared();
        self.identity.try_acquire(Self::KIND, Self::SHARED, site(), attempt)
    }

    #[inline]
    unsafe fn unlock_shared(&self, guard: R::SharedGuard) {
        self.identity.release(Self::SHARED);
        // SAFETY: the caller holds shared access, by this guard.
        unsafe { self.real.unlock_shared(guard) }
    }

    #[inline]
    #[track_caller]
    fn lock_exclusive(&self) -> R::ExclusiveGuard {
        self.lock_exclusive_at(site())
    }

    #[inline]
    #[track_caller]
    fn try_lock_exclusive(&self) -> Option<R::ExclusiveGuard> {
        let attempt = || self.real.try_lock_exclusive();
        self.identity.try_acquire(Self::KIND, Mode::Exclusive, site(), attempt)
    }

    #[inline]
    unsafe fn unlock_exclusive(&self, guard: R::ExclusiveGuard) {
        self.identity.release(Mode::Exclusive);
        // SAFETY: the caller holds exclusive access, by this guard.
        unsafe { self.real.unlock_exclusive(guard) }
    }

    #[inline]
    fn is_locked(&self) -> bool {
        self.real.is_locked()
    }

    #[inline]
    fn is_locked_exclusive(&self) -> bool {
        self.real.is_locked_exclusive()
    }
}

// SAFETY: as above.
unsafe impl<R: RawRwLockFair> RawRwLockFair for RecordedRwLock<R> {
    #[inline]
    unsafe fn unlock_shared_fair(&self, guard: R::SharedGuard) {
        self.identity.release(Self::SHARED);
        // SAFETY: the caller holds shared access, by this guard.
        unsafe { self.real.unlock_shared_fair(guard) }
    }

    #[inline]
    unsafe fn unlock_exclusive_fair(&self, guard: R::ExclusiveGuard) {
        self.identity.release(Mode::Exclusive);
        // SAFETY: the caller holds exclusive access, by this guard.
        unsafe { self.real.unlock_exclusive_fair(guard) }
    }

    #[inline]
    #[track_caller]
    unsafe fn bump_shared(&self, guard: &mut R::SharedGuard) {
        // SAFETY: the caller holds shared access, by this guard.
        self.again(Self::SHARED, site()).bump(|| unsafe { self.real.bump_shared(guard) });
    }

    #[inline]
    #[track_caller]
    unsafe fn bump_exclusive(&self, guard: &mut R::ExclusiveGuard) {
        // SAFETY: the caller holds exclusive access, by this guard.
        self.again(Mode::Exclusive, site()).bump(|| unsafe { self.real.bump_exclusive(guard) });
    }
}

// SAFETY: as above.
unsafe impl<R: RawRwLockDowngrade> RawRwLockDowngrade for RecordedRwLock<R> {
    #[inline]
    #[track_caller]
    unsafe fn downgrade(&self, guard: R::ExclusiveGuard) -> R::SharedGuard {
        self.identity.release(Mode::Exclusive);
        // SAFETY: the caller holds exclusive access, by this guard.
        let guard = unsafe { self.real.downgrade(guard) };
        self.identity.hold(Self::KIND, Self::SHARED, true, site());
        guard
    }
}

// SAFETY: as above.
unsafe impl<R: RawRwLockTimed> RawRwLockTimed for RecordedRwLock<R> {
    type Duration = R::Duration;
    type Instant = R::Instant;

    #[inline]
    #[track_caller]
    fn try_lock_shared_for(&self, timeout: R::Duration) -> Option<R::SharedGuard> {
        self.shared_within(site(), || self.real.try_lock_shared_for(timeout))
    }

    #[inline]
    #[track_caller]
    fn try_lock_shared_until(&self, timeout: R::Instant) -> Option<R::SharedGuard> {
        self.shared_within(site(), || self.real.try_lock_shared_until(timeout))
    }

    #[inline]
    #[track_caller]
    fn try_lock_exclusive_for(&self, timeout: R::Duration) -> Option<R::ExclusiveGuard> {
        self.exclusive_within(site(), || self.real.try_lock_exclusive_for(timeout))
    }

    #[inline]
    #[track_caller]
    fn try_lock_exclusive_until(&self, timeout: R::Instant) -> Option<R::ExclusiveGuard> {
        self.exclusive_within(site(), || self.real.try_lock_exclusive_until(timeout))
    }
}

//! A raw reader-writer lock, recorded.
//!
//! An upgradable reader is recorded as what it is: a reader that has, beside its shared access, a right that one reader
//! at a time may have. Right and lock have identities of their own. So a reader that waits for the right, held by one
//! that waits for the readers to go, is a cycle, as between any two locks.

use super::shard::spin;
use super::{Identity, Kind, Mode, Site, site};
use crate::{
    RawRwLock, RawRwLockDowngrade, RawRwLockFair, RawRwLockRecursive, RawRwLockRecursiveTimed,
    RawRwLockTimed, RawRwLockUpgrade, RawRwLockUpgradeDowngrade, RawRwLockUpgradeFair,
    RawRwLockUpgradeTimed,
};

/// A raw lock that tells the runtime what it does.
pub struct RecordedRwLock<R> {
    pub(super) identity: Identity,
    pub(super) right: Identity,
    pub(super) real: R,
}

impl<R> RecordedRwLock<R> {
    /// The caller's place becomes the creation site.
    #[inline]
    #[track_caller]
    pub const fn of(real: R) -> Self {
        Self::at(real, site())
    }

    /// The place becomes the creation site.
    #[inline]
    pub const fn at(real: R, site: Site) -> Self {
        Self { identity: Identity::at(site), right: Identity::at(site), real }
    }

    /// It is lent: what is done through it is not seen, so the thread no longer counts as a holder.
    #[inline]
    pub fn lent(&self) -> &R {
        self.identity.forget();
        self.right.forget();
        &self.real
    }
}

impl<R: RawRwLock> RecordedRwLock<R> {
    const KIND: &'static Kind = match (R::__SYNCSCOPE_SHARD, R::__SYNCSCOPE_SENT) {
        (true, _) => Kind::SHARD,
        (false, true) => Kind::SENT_RWLOCK,
        (false, false) => Kind::RWLOCK,
    };
    /// How readers take it who were told of no key.
    const SHARED: Mode = if R::__SYNCSCOPE_SHARD { Mode::SharedInTurn } else { Mode::Shared };
    /// How writers do.
    const EXCLUSIVE: Mode =
        if R::__SYNCSCOPE_SHARD { Mode::ExclusiveInTurn } else { Mode::Exclusive };
    const RIGHT: &'static Kind =
        if R::__SYNCSCOPE_SENT { Kind::SENT_UPGRADE } else { Kind::UPGRADE };

    /// Acquires by `attempt`, else by `block`, before which the wait is told. Shards are held for a moment by nearly all: so, as theirs
    /// does, a thread spins before it waits.
    #[inline]
    pub(super) fn acquire(
        &self,
        mode: Mode,
        site: Site,
        attempt: impl Fn() -> bool,
        block: impl FnOnce(),
    ) {
        let attempt = || attempt() || R::__SYNCSCOPE_SHARD && spin(&attempt);
        self.identity.acquire(Self::KIND, mode, site, || attempt().then_some(()), block);
    }

    #[inline]
    fn try_acquire(&self, mode: Mode, site: Site, attempt: impl FnOnce() -> bool) -> bool {
        let attempt = || attempt().then_some(());
        self.identity.try_acquire(Self::KIND, mode, site, attempt).is_some()
    }

    #[inline]
    fn within(
        &self,
        mode: Mode,
        site: Site,
        attempt: impl FnOnce() -> bool,
        wait: impl FnOnce() -> bool,
    ) -> bool {
        let (attempt, wait) = (|| attempt().then_some(()), || wait().then_some(()));
        self.identity.acquire_within(Self::KIND, mode, site, attempt, wait).is_some()
    }

    /// Acquires right and shared access, in one step of the real lock: by `attempt`, else by `wait`, which gives up now and
    /// then where `is_bounded`. In the books the right always comes first.
    ///
    /// What a thread waits for here, the right or the end of a writer, is known by whether somebody has the right.
    fn acquire_right(
        &self,
        site: Site,
        is_bounded: bool,
        attempt: impl FnOnce() -> bool,
        wait: impl FnOnce() -> bool,
    ) -> bool {
        self.right.ready(Self::RIGHT);
        self.identity.ready(Self::KIND);
        let acquired = attempt() || {
            let _blocked = if self.right.is_owned() {
                self.right.block(Self::RIGHT, Mode::Exclusive, is_bounded, site)
            } else {
                self.identity.block(Self::KIND, Mode::Shared, is_bounded, site)
            };
            wait()
        };
        if acquired {
            self.hold_right(is_bounded, site);
        }
        acquired
    }

    fn hold_right(&self, is_bounded: bool, site: Site) {
        self.right.hold(Self::RIGHT, Mode::Exclusive, is_bounded, site);
        self.identity.hold(Self::KIND, Mode::Shared, is_bounded, site);
    }

    fn release_right(&self) {
        self.identity.release(Mode::Shared);
        self.right.release(Mode::Exclusive);
    }

    /// Given away to whoever waits, and taken back by `wait`.
    fn bump_by(&self, mode: Mode, site: Site, wait: impl FnOnce()) {
        self.identity.release(mode);
        let blocked = self.identity.block(Self::KIND, mode, false, site);
        wait();
        blocked.acquired();
    }

    /// Turns right and shared access into exclusive access. Meanwhile the right is still held, since others wait for it; the
    /// shared access is not: nobody waits for his own.
    fn upgrade_by(
        &self,
        site: Site,
        is_bounded: bool,
        attempt: impl FnOnce() -> bool,
        wait: impl FnOnce() -> bool,
    ) -> bool {
        let is_free = attempt();
        self.identity.release(Mode::Shared);
        let is_upgraded = if is_free {
            self.identity.hold(Self::KIND, Mode::Exclusive, is_bounded, site);
            true
        } else {
            let blocked = self.identity.block(Self::KIND, Mode::Exclusive, is_bounded, site);
            let is_upgraded = wait();
            if is_upgraded {
                blocked.acquired();
            }
            is_upgraded
        };
        if is_upgraded {
            self.right.release(Mode::Exclusive);
        } else {
            self.identity.hold(Self::KIND, Mode::Shared, true, site);
        }
        is_upgraded
    }

    #[inline]
    #[track_caller]
    pub(crate) fn lock_shared_at(&self, site: Site) {
        let real = &self.real;
        self.acquire(Self::SHARED, site, || real.try_lock_shared(), || real.lock_shared());
    }

    #[inline]
    #[track_caller]
    pub(crate) fn lock_exclusive_at(&self, site: Site) {
        let real = &self.real;
        let block = || real.lock_exclusive();
        self.acquire(Self::EXCLUSIVE, site, || real.try_lock_exclusive(), block);
    }
}

impl<R: RawRwLockUpgrade> RecordedRwLock<R> {
    #[inline]
    #[track_caller]
    pub(crate) fn lock_upgradable_at(&self, site: Site) {
        let wait = || {
            self.real.lock_upgradable();
            true
        };
        self.acquire_right(site, false, || self.real.try_lock_upgradable(), wait);
    }
}

// SAFETY: all methods are the real lock's, which excludes as the trait wants; the calls beside them do not touch it.
unsafe impl<R: RawRwLock> RawRwLock for RecordedRwLock<R> {
    const INIT: Self =
        Self { identity: Identity::unknown(), right: Identity::unknown(), real: R::INIT };

    type GuardMarker = R::GuardMarker;

    #[inline]
    #[track_caller]
    fn lock_shared(&self) {
        self.lock_shared_at(site());
    }

    #[inline]
    #[track_caller]
    fn try_lock_shared(&self) -> bool {
        self.try_acquire(Mode::Shared, site(), || self.real.try_lock_shared())
    }

    #[inline]
    unsafe fn unlock_shared(&self) {
        self.identity.release(Mode::Shared);
        // SAFETY: the caller holds shared access.
        unsafe { self.real.unlock_shared() }
    }

    #[inline]
    #[track_caller]
    fn lock_exclusive(&self) {
        self.lock_exclusive_at(site());
    }

    #[inline]
    #[track_caller]
    fn try_lock_exclusive(&self) -> bool {
        self.try_acquire(Mode::Exclusive, site(), || self.real.try_lock_exclusive())
    }

    #[inline]
    unsafe fn unlock_exclusive(&self) {
        self.identity.release(Mode::Exclusive);
        // SAFETY: the caller holds exclusive access.
        unsafe { self.real.unlock_exclusive() }
    }

    #[inline]
    fn is_locked(&self) -> bool {
        self.real.is_locked()
    }

    #[cfg(syncscope_locked_exclusive)]
    #[inline]
    fn is_locked_exclusive(&self) -> bool {
        self.real.is_locked_exclusive()
    }
}

// SAFETY: as above.
unsafe impl<R: RawRwLockFair> RawRwLockFair for RecordedRwLock<R> {
    #[inline]
    unsafe fn unlock_shared_fair(&self) {
        self.identity.release(Mode::Shared);
        // SAFETY: the caller holds shared access.
        unsafe { self.real.unlock_shared_fair() }
    }

    #[inline]
    unsafe fn unlock_exclusive_fair(&self) {
        self.identity.release(Mode::Exclusive);
        // SAFETY: the caller holds exclusive access.
        unsafe { self.real.unlock_exclusive_fair() }
    }

    #[inline]
    #[track_caller]
    unsafe fn bump_shared(&self) {
        // SAFETY: the caller holds shared access.
        self.bump_by(Mode::Shared, site(), || unsafe { self.real.bump_shared() });
    }

    #[inline]
    #[track_caller]
    unsafe fn bump_exclusive(&self) {
        // SAFETY: the caller holds exclusive access.
        self.bump_by(Mode::Exclusive, site(), || unsafe { self.real.bump_exclusive() });
    }
}

// SAFETY: as above.
unsafe impl<R: RawRwLockDowngrade> RawRwLockDowngrade for RecordedRwLock<R> {
    #[inline]
    #[track_caller]
    unsafe fn downgrade(&self) {
        self.identity.release(Mode::Exclusive);
        // SAFETY: the caller holds exclusive access.
        unsafe { self.real.downgrade() }
        self.identity.hold(Self::KIND, Mode::Shared, true, site());
    }
}

// SAFETY: as above.
unsafe impl<R: RawRwLockTimed> RawRwLockTimed for RecordedRwLock<R> {
    type Duration = R::Duration;
    type Instant = R::Instant;

    #[inline]
    #[track_caller]
    fn try_lock_shared_for(&self, timeout: R::Duration) -> bool {
        let real = &self.real;
        let wait = || real.try_lock_shared_for(timeout);
        self.within(Mode::Shared, site(), || real.try_lock_shared(), wait)
    }

    #[inline]
    #[track_caller]
    fn try_lock_shared_until(&self, timeout: R::Instant) -> bool {
        let real = &self.real;
        let wait = || real.try_lock_shared_until(timeout);
        self.within(Mode::Shared, site(), || real.try_lock_shared(), wait)
    }

    #[inline]
    #[track_caller]
    fn try_lock_exclusive_for(&self, timeout: R::Duration) -> bool {
        let real = &self.real;
        let wait = || real.try_lock_exclusive_for(timeout);
        self.within(Mode::Exclusive, site(), || real.try_lock_exclusive(), wait)
    }

    #[inline]
    #[track_caller]
    fn try_lock_exclusive_until(&self, timeout: R::Instant) -> bool {
        let real = &self.real;
        let wait = || real.try_lock_exclusive_until(timeout);
        self.within(Mode::Exclusive, site(), || real.try_lock_exclusive(), wait)
    }
}

// SAFETY: as above.
unsafe impl<R: RawRwLockRecursive> RawRwLockRecursive for RecordedRwLock<R> {
    #[inline]
    #[track_caller]
    fn lock_shared_recursive(&self) {
        let real = &self.real;
        let block = || real.lock_shared_recursive();
        self.acquire(Mode::Recursive, site(), || real.try_lock_shared_recursive(), block);
    }

    #[inline]
    #[track_caller]
    fn try_lock_shared_recursive(&self) -> bool {
        self.try_acquire(Mode::Recursive, site(), || self.real.try_lock_shared_recursive())
    }
}

// SAFETY: as above.
unsafe impl<R: RawRwLockRecursiveTimed> RawRwLockRecursiveTimed for RecordedRwLock<R> {
    #[inline]
    #[track_caller]
    fn try_lock_shared_recursive_for(&self, timeout: R::Duration) -> bool {
        let real = &self.real;
        let wait = || real.try_lock_shared_recursive_for(timeout);
        self.within(Mode::Recursive, site(), || real.try_lock_shared_recursive(), wait)
    }

    #[inline]
    #[track_caller]
    fn try_lock_shared_recursive_until(&self, timeout: R::Instant) -> bool {
        let real = &self.real;
        let wait = || real.try_lock_shared_recursive_until(timeout);
        self.within(Mode::Recursive, site(), || real.try_lock_shared_recursive(), wait)
    }
}

// SAFETY: as above.
unsafe impl<R: RawRwLockUpgrade> RawRwLockUpgrade for RecordedRwLock<R> {
    #[inline]
    #[track_caller]
    fn lock_upgradable(&self) {
        self.lock_upgradable_at(site());
    }

    #[inline]
    #[track_caller]
    fn try_lock_upgradable(&self) -> bool {
        self.right.ready(Self::RIGHT);
        self.identity.ready(Self::KIND);
        let is_acquired = self.real.try_lock_upgradable();
        if is_acquired {
            self.hold_right(true, site());
        }
        is_acquired
    }

    #[inline]
    unsafe fn unlock_upgradable(&self) {
        self.release_right();
        // SAFETY: the caller holds upgradable access.
        unsafe { self.real.unlock_upgradable() }
    }

    #[inline]
    #[track_caller]
    unsafe fn upgrade(&self) {
        // SAFETY: the caller holds upgradable access.
        let attempt = || unsafe { self.real.try_upgrade() };
        let wait = || {
            // SAFETY: the attempt has failed, so the caller holds upgradable access still.
            unsafe { self.real.upgrade() };
            true
        };
        self.upgrade_by(site(), false, attempt, wait);
    }

    #[inline]
    #[track_caller]
    unsafe fn try_upgrade(&self) -> bool {
        // SAFETY: the caller holds upgradable access.
        let is_upgraded = unsafe { self.real.try_upgrade() };
        if is_upgraded {
            self.identity.release(Mode::Shared);
            self.identity.hold(Self::KIND, Mode::Exclusive, true, site());
            self.right.release(Mode::Exclusive);
        }
        is_upgraded
    }
}

// SAFETY: as above.
unsafe impl<R: RawRwLockUpgradeFair> RawRwLockUpgradeFair for RecordedRwLock<R> {
    #[inline]
    unsafe fn unlock_upgradable_fair(&self) {
        self.release_right();
        // SAFETY: the caller holds upgradable access.
        unsafe { self.real.unlock_upgradable_fair() }
    }

    #[inline]
    unsafe fn bump_upgradable(&self) {
        // SAFETY: the caller holds upgradable access.
        unsafe { self.real.bump_upgradable() }
    }
}

// SAFETY: as above.
unsafe impl<R: RawRwLockUpgradeDowngrade> RawRwLockUpgradeDowngrade for RecordedRwLock<R> {
    #[inline]
    unsafe fn downgrade_upgradable(&self) {
        self.right.release(Mode::Exclusive);
        // SAFETY: the caller holds upgradable access.
        unsafe { self.real.downgrade_upgradable() }
    }

    #[inline]
    #[track_caller]
    unsafe fn downgrade_to_upgradable(&self) {
        self.identity.release(Mode::Exclusive);
        // SAFETY: the caller holds exclusive access.
        unsafe { self.real.downgrade_to_upgradable() }
        self.hold_right(true, site());
    }
}

// SAFETY: as above.
unsafe impl<R: RawRwLockUpgradeTimed> RawRwLockUpgradeTimed for RecordedRwLock<R> {
    #[inline]
    #[track_caller]
    fn try_lock_upgradable_for(&self, timeout: R::Duration) -> bool {
        let real = &self.real;
        let wait = || real.try_lock_upgradable_for(timeout);
        self.acquire_right(site(), true, || real.try_lock_upgradable(), wait)
    }

    #[inline]
    #[track_caller]
    fn try_lock_upgradable_until(&self, timeout: R::Instant) -> bool {
        let real = &self.real;
        let wait = || real.try_lock_upgradable_until(timeout);
        self.acquire_right(site(), true, || real.try_lock_upgradable(), wait)
    }

    #[inline]
    #[track_caller]
    unsafe fn try_upgrade_for(&self, timeout: R::Duration) -> bool {
        // SAFETY: the caller holds upgradable access.
        let attempt = || unsafe { self.real.try_upgrade() };
        // SAFETY: the attempt has failed, so the caller holds upgradable access still.
        self.upgrade_by(site(), true, attempt, || unsafe { self.real.try_upgrade_for(timeout) })
    }

    #[inline]
    #[track_caller]
    unsafe fn try_upgrade_until(&self, timeout: R::Instant) -> bool {
        // SAFETY: the caller holds upgradable access.
        let attempt = || unsafe { self.real.try_upgrade() };
        // SAFETY: the attempt has failed, so the caller holds upgradable access still.
        self.upgrade_by(site(), true, attempt, || unsafe { self.real.try_upgrade_until(timeout) })
    }
}

//! `RwLock`: lock_api's type around a recorded raw lock.
//!
//! An upgradable reader is recorded as what it is: a reader that has, beside its shared access, a right that one reader
//! at a time may have. Right and lock have identities of their own. So a reader that waits for the right, held by one
//! that waits for the readers to go, is a cycle, as between any two locks.

use crate::original::{self, lock_api};
use crate::raw::{Identity, Mode, Site, site};
use crate::sent;
use lock_api::{
    RawRwLock as Raw, RawRwLockDowngrade, RawRwLockFair, RawRwLockRecursive,
    RawRwLockRecursiveTimed, RawRwLockTimed, RawRwLockUpgrade, RawRwLockUpgradeDowngrade,
    RawRwLockUpgradeFair, RawRwLockUpgradeTimed,
};
use std::time::{Duration, Instant};

/// The original's raw lock, recorded.
pub struct RawRwLock {
    identity: Identity,
    right: Identity,
    real: original::RawRwLock,
}

/// See the original.
pub type RwLock<T> = lock_api::RwLock<RawRwLock, T>;
/// See the original.
pub type RwLockReadGuard<'a, T> = lock_api::RwLockReadGuard<'a, RawRwLock, T>;
/// See the original.
pub type RwLockWriteGuard<'a, T> = lock_api::RwLockWriteGuard<'a, RawRwLock, T>;
/// See the original.
pub type RwLockUpgradableReadGuard<'a, T> = lock_api::RwLockUpgradableReadGuard<'a, RawRwLock, T>;
/// See the original.
pub type MappedRwLockReadGuard<'a, T> = lock_api::MappedRwLockReadGuard<'a, RawRwLock, T>;
/// See the original.
pub type MappedRwLockWriteGuard<'a, T> = lock_api::MappedRwLockWriteGuard<'a, RawRwLock, T>;

/// See the original. The caller's place becomes the creation site.
#[track_caller]
pub const fn const_rwlock<T>(val: T) -> RwLock<T> {
    let raw = RawRwLock {
        identity: Identity::here(),
        right: Identity::here(),
        real: <original::RawRwLock as Raw>::INIT,
    };
    RwLock::const_new(raw, val)
}

impl RawRwLock {
    #[inline]
    fn acquire(
        &self,
        mode: Mode,
        site: Site,
        attempt: impl FnOnce() -> bool,
        block: impl FnOnce(),
    ) {
        self.identity.acquire(sent::RWLOCK, mode, site, || attempt().then_some(()), block);
    }

    #[inline]
    fn try_acquire(&self, mode: Mode, site: Site, attempt: impl FnOnce() -> bool) -> bool {
        let attempt = || attempt().then_some(());
        self.identity.try_acquire(sent::RWLOCK, mode, site, attempt).is_some()
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
        self.identity.acquire_within(sent::RWLOCK, mode, site, attempt, wait).is_some()
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
        self.right.ready(sent::UPGRADE);
        self.identity.ready(sent::RWLOCK);
        let acquired = attempt() || {
            let _blocked = if self.right.is_owned() {
                self.right.block(sent::UPGRADE, Mode::Exclusive, is_bounded, site)
            } else {
                self.identity.block(sent::RWLOCK, Mode::Shared, is_bounded, site)
            };
            wait()
        };
        if acquired {
            self.hold_right(is_bounded, site);
        }
        acquired
    }

    fn hold_right(&self, is_bounded: bool, site: Site) {
        self.right.hold(sent::UPGRADE, Mode::Exclusive, is_bounded, site);
        self.identity.hold(sent::RWLOCK, Mode::Shared, is_bounded, site);
    }

    fn release_right(&self) {
        self.identity.release(Mode::Shared);
        self.right.release(Mode::Exclusive);
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
            self.identity.hold(sent::RWLOCK, Mode::Exclusive, is_bounded, site);
            true
        } else {
            let blocked = self.identity.block(sent::RWLOCK, Mode::Exclusive, is_bounded, site);
            let is_upgraded = wait();
            if is_upgraded {
                blocked.acquired();
            }
            is_upgraded
        };
        if is_upgraded {
            self.right.release(Mode::Exclusive);
        } else {
            self.identity.hold(sent::RWLOCK, Mode::Shared, true, site);
        }
        is_upgraded
    }
}

// SAFETY: all methods are the real lock's, which excludes as the trait wants; the calls beside them do not touch it.
unsafe impl Raw for RawRwLock {
    const INIT: Self = Self {
        identity: Identity::unknown(),
        right: Identity::unknown(),
        real: <original::RawRwLock as Raw>::INIT,
    };

    type GuardMarker = <original::RawRwLock as Raw>::GuardMarker;

    #[inline]
    #[track_caller]
    fn lock_shared(&self) {
        let real = &self.real;
        self.acquire(Mode::Shared, site(), || real.try_lock_shared(), || real.lock_shared());
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
        let real = &self.real;
        self.acquire(
            Mode::Exclusive,
            site(),
            || real.try_lock_exclusive(),
            || real.lock_exclusive(),
        );
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

    #[inline]
    fn is_locked_exclusive(&self) -> bool {
        self.real.is_locked_exclusive()
    }
}

// SAFETY: as above.
unsafe impl RawRwLockFair for RawRwLock {
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
    unsafe fn bump_shared(&self) {
        // SAFETY: the caller holds shared access.
        unsafe { self.real.bump_shared() }
    }

    #[inline]
    unsafe fn bump_exclusive(&self) {
        // SAFETY: the caller holds exclusive access.
        unsafe { self.real.bump_exclusive() }
    }
}

// SAFETY: as above.
unsafe impl RawRwLockDowngrade for RawRwLock {
    #[inline]
    #[track_caller]
    unsafe fn downgrade(&self) {
        self.identity.release(Mode::Exclusive);
        // SAFETY: the caller holds exclusive access.
        unsafe { self.real.downgrade() }
        self.identity.hold(sent::RWLOCK, Mode::Shared, true, site());
    }
}

// SAFETY: as above.
unsafe impl RawRwLockTimed for RawRwLock {
    type Duration = Duration;
    type Instant = Instant;

    #[inline]
    #[track_caller]
    fn try_lock_shared_for(&self, timeout: Duration) -> bool {
        let real = &self.real;
        let wait = || real.try_lock_shared_for(timeout);
        self.within(Mode::Shared, site(), || real.try_lock_shared(), wait)
    }

    #[inline]
    #[track_caller]
    fn try_lock_shared_until(&self, timeout: Instant) -> bool {
        let real = &self.real;
        let wait = || real.try_lock_shared_until(timeout);
        self.within(Mode::Shared, site(), || real.try_lock_shared(), wait)
    }

    #[inline]
    #[track_caller]
    fn try_lock_exclusive_for(&self, timeout: Duration) -> bool {
        let real = &self.real;
        let wait = || real.try_lock_exclusive_for(timeout);
        self.within(Mode::Exclusive, site(), || real.try_lock_exclusive(), wait)
    }

    #[inline]
    #[track_caller]
    fn try_lock_exclusive_until(&self, timeout: Instant) -> bool {
        let real = &self.real;
        let wait = || real.try_lock_exclusive_until(timeout);
        self.within(Mode::Exclusive, site(), || real.try_lock_exclusive(), wait)
    }
}

// SAFETY: as above.
unsafe impl RawRwLockRecursive for RawRwLock {
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
unsafe impl RawRwLockRecursiveTimed for RawRwLock {
    #[inline]
    #[track_caller]
    fn try_lock_shared_recursive_for(&self, timeout: Duration) -> bool {
        let real = &self.real;
        let wait = || real.try_lock_shared_recursive_for(timeout);
        self.within(Mode::Recursive, site(), || real.try_lock_shared_recursive(), wait)
    }

    #[inline]
    #[track_caller]
    fn try_lock_shared_recursive_until(&self, timeout: Instant) -> bool {
        let real = &self.real;
        let wait = || real.try_lock_shared_recursive_until(timeout);
        self.within(Mode::Recursive, site(), || real.try_lock_shared_recursive(), wait)
    }
}

// SAFETY: as above.
unsafe impl RawRwLockUpgrade for RawRwLock {
    #[inline]
    #[track_caller]
    fn lock_upgradable(&self) {
        let wait = || {
            self.real.lock_upgradable();
            true
        };
        self.acquire_right(site(), false, || self.real.try_lock_upgradable(), wait);
    }

    #[inline]
    #[track_caller]
    fn try_lock_upgradable(&self) -> bool {
        self.right.ready(sent::UPGRADE);
        self.identity.ready(sent::RWLOCK);
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
            self.identity.hold(sent::RWLOCK, Mode::Exclusive, true, site());
            self.right.release(Mode::Exclusive);
        }
        is_upgraded
    }
}

// SAFETY: as above.
unsafe impl RawRwLockUpgradeFair for RawRwLock {
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
unsafe impl RawRwLockUpgradeDowngrade for RawRwLock {
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
unsafe impl RawRwLockUpgradeTimed for RawRwLock {
    #[inline]
    #[track_caller]
    fn try_lock_upgradable_for(&self, timeout: Duration) -> bool {
        let real = &self.real;
        let wait = || real.try_lock_upgradable_for(timeout);
        self.acquire_right(site(), true, || real.try_lock_upgradable(), wait)
    }

    #[inline]
    #[track_caller]
    fn try_lock_upgradable_until(&self, timeout: Instant) -> bool {
        let real = &self.real;
        let wait = || real.try_lock_upgradable_until(timeout);
        self.acquire_right(site(), true, || real.try_lock_upgradable(), wait)
    }

    #[inline]
    #[track_caller]
    unsafe fn try_upgrade_for(&self, timeout: Duration) -> bool {
        // SAFETY: the caller holds upgradable access.
        let attempt = || unsafe { self.real.try_upgrade() };
        // SAFETY: the attempt has failed, so the caller holds upgradable access still.
        self.upgrade_by(site(), true, attempt, || unsafe { self.real.try_upgrade_for(timeout) })
    }

    #[inline]
    #[track_caller]
    unsafe fn try_upgrade_until(&self, timeout: Instant) -> bool {
        // SAFETY: the caller holds upgradable access.
        let attempt = || unsafe { self.real.try_upgrade() };
        // SAFETY: the attempt has failed, so the caller holds upgradable access still.
        self.upgrade_by(site(), true, attempt, || unsafe { self.real.try_upgrade_until(timeout) })
    }
}

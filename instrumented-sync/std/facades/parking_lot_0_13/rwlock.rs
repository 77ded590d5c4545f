//! `RwLock` and `RecursiveRwLock`: lock_api's type around a recorded raw lock.
//!
//! An upgradable reader is recorded as what it is: a reader that has, beside its shared access, a right that one reader
//! at a time may have. Right and lock have identities of their own. So a reader that waits for the right, held by one
//! that waits for the readers to go, is a cycle, as between any two locks.

use crate::original::{self, lock_api};
use crate::raw::{Blocked, Identity, Mode, Site, site};
use crate::sent;
use lock_api::{
    RawRwLock as Raw, RawRwLockDowngrade, RawRwLockFair, RawRwLockTimed, RawRwLockUpgrade,
    RawRwLockUpgradeDowngrade, RawRwLockUpgradeFair, RawRwLockUpgradeTimed,
};
use std::time::{Duration, Instant};

/// The original's raw lock, recorded.
pub struct RawRwLock<const RECURSIVE: bool = false> {
    identity: Identity,
    right: Identity,
    real: original::RawRwLock<RECURSIVE>,
}

/// See the original.
pub type RawRwLockRecursive = RawRwLock<true>;
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
/// See the original.
pub type RecursiveRwLock<T> = lock_api::RwLock<RawRwLockRecursive, T>;
/// See the original.
pub type RecursiveRwLockReadGuard<'a, T> = lock_api::RwLockReadGuard<'a, RawRwLockRecursive, T>;
/// See the original.
pub type RecursiveRwLockWriteGuard<'a, T> = lock_api::RwLockWriteGuard<'a, RawRwLockRecursive, T>;
/// See the original.
pub type RecursiveRwLockUpgradableReadGuard<'a, T> =
    lock_api::RwLockUpgradableReadGuard<'a, RawRwLockRecursive, T>;
/// See the original.
pub type MappedRecursiveRwLockReadGuard<'a, T> =
    lock_api::MappedRwLockReadGuard<'a, RawRwLockRecursive, T>;
/// See the original.
pub type MappedRecursiveRwLockWriteGuard<'a, T> =
    lock_api::MappedRwLockWriteGuard<'a, RawRwLockRecursive, T>;

type Real<const RECURSIVE: bool> = original::RawRwLock<RECURSIVE>;
type Shared<const RECURSIVE: bool> = <Real<RECURSIVE> as Raw>::SharedGuard;
type Exclusive<const RECURSIVE: bool> = <Real<RECURSIVE> as Raw>::ExclusiveGuard;
type Upgradable<const RECURSIVE: bool> = <Real<RECURSIVE> as RawRwLockUpgrade>::UpgradableGuard;

/// Upgradable access that is given up when this is dropped: the wait for its upgrade may unwind.
struct Owed<'a, const RECURSIVE: bool> {
    lock: &'a RawRwLock<RECURSIVE>,
    guard: Option<Upgradable<RECURSIVE>>,
}

impl<const RECURSIVE: bool> Drop for Owed<'_, RECURSIVE> {
    fn drop(&mut self) {
        if let Some(guard) = self.guard.take() {
            self.lock.right.release(Mode::Exclusive);
            // SAFETY: the access that this guard stands for is held still.
            unsafe { self.lock.real.unlock_upgradable(guard) }
        }
    }
}

impl<const RECURSIVE: bool> RawRwLock<RECURSIVE> {
    const SHARED: Mode = if RECURSIVE { Mode::Recursive } else { Mode::Shared };

    #[inline]
    fn acquire<G>(
        &self,
        mode: Mode,
        site: Site,
        attempt: impl FnOnce() -> Option<G>,
        block: impl FnOnce() -> G,
    ) -> G {
        self.identity.acquire(sent::RWLOCK, mode, site, attempt, block)
    }

    #[inline]
    fn within<G>(
        &self,
        mode: Mode,
        site: Site,
        attempt: impl FnOnce() -> Option<G>,
        wait: impl FnOnce() -> Option<G>,
    ) -> Option<G> {
        self.identity.acquire_within(sent::RWLOCK, mode, site, attempt, wait)
    }

    /// The wait of a reader for the right, or for the end of a writer: known by whether somebody has the right.
    fn block_for_right(&self, is_bounded: bool, site: Site) -> Blocked<'_> {
        if self.right.is_owned() {
            self.right.block(sent::UPGRADE, Mode::Exclusive, is_bounded, site)
        } else {
            self.identity.block(sent::RWLOCK, Self::SHARED, is_bounded, site)
        }
    }

    /// Before upgradable access is acquired.
    #[inline]
    fn ready_for_right(&self) {
        self.right.ready(sent::UPGRADE);
        self.identity.ready(sent::RWLOCK);
    }

    /// Upgradable access is held now. In the books the right always comes first.
    fn hold_right(&self, is_bounded: bool, site: Site) {
        self.right.hold(sent::UPGRADE, Mode::Exclusive, is_bounded, site);
        self.identity.hold(sent::RWLOCK, Self::SHARED, is_bounded, site);
    }

    fn release_right(&self) {
        self.identity.release(Self::SHARED);
        self.right.release(Mode::Exclusive);
    }

    /// Upgradable access has become exclusive without a wait.
    fn hold_upgraded(&self, is_bounded: bool, site: Site) {
        self.identity.release(Self::SHARED);
        self.identity.hold(sent::RWLOCK, Mode::Exclusive, is_bounded, site);
        self.right.release(Mode::Exclusive);
    }

    /// Turns upgradable access into exclusive access. Meanwhile the right is still held, since others wait for it; the shared
    /// access is not: nobody waits for his own.
    ///
    /// # Safety
    ///
    /// The caller has upgradable access, by this guard.
    unsafe fn upgrade_by(
        &self,
        guard: Upgradable<RECURSIVE>,
        is_bounded: bool,
        site: Site,
        wait: impl FnOnce(Upgradable<RECURSIVE>) -> Result<Exclusive<RECURSIVE>, Upgradable<RECURSIVE>>,
    ) -> Result<Exclusive<RECURSIVE>, Upgradable<RECURSIVE>> {
        // SAFETY: the caller has upgradable access, by this guard.
        let guard = match unsafe { self.real.try_upgrade(guard) } {
            Ok(guard) => {
                self.hold_upgraded(is_bounded, site);
                return Ok(guard);
            }
            Err(guard) => guard,
        };
        self.identity.release(Self::SHARED);
        let mut owed = Owed { lock: self, guard: Some(guard) };
        let blocked = self.identity.block(sent::RWLOCK, Mode::Exclusive, is_bounded, site);
        let Some(guard) = owed.guard.take() else { unreachable!("it was put there just now") };
        match wait(guard) {
            Ok(guard) => {
                blocked.acquired();
                self.right.release(Mode::Exclusive);
                Ok(guard)
            }
            Err(guard) => {
                drop(blocked);
                self.identity.hold(sent::RWLOCK, Self::SHARED, true, site);
                Err(guard)
            }
        }
    }
}

// SAFETY: all methods are the real lock's, which excludes as the trait wants; the calls beside them do not touch it. What
// may unwind comes before the real acquisition, or is covered by `Owed`.
unsafe impl<const RECURSIVE: bool> Raw for RawRwLock<RECURSIVE> {
    const INIT: Self = Self {
        identity: Identity::unknown(),
        right: Identity::unknown(),
        real: <Real<RECURSIVE> as Raw>::INIT,
    };

    type SharedGuard = Shared<RECURSIVE>;
    type ExclusiveGuard = Exclusive<RECURSIVE>;

    #[inline]
    #[track_caller]
    fn lock_shared(&self) -> Self::SharedGuard {
        let real = &self.real;
        self.acquire(Self::SHARED, site(), || real.try_lock_shared(), || real.lock_shared())
    }

    #[inline]
    #[track_caller]
    fn try_lock_shared(&self) -> Option<Self::SharedGuard> {
        let attempt = || self.real.try_lock_shared();
        self.identity.try_acquire(sent::RWLOCK, Self::SHARED, site(), attempt)
    }

    #[inline]
    unsafe fn unlock_shared(&self, guard: Self::SharedGuard) {
        self.identity.release(Self::SHARED);
        // SAFETY: the caller holds shared access, by this guard.
        unsafe { self.real.unlock_shared(guard) }
    }

    #[inline]
    #[track_caller]
    fn lock_exclusive(&self) -> Self::ExclusiveGuard {
        let real = &self.real;
        let block = || real.lock_exclusive();
        self.acquire(Mode::Exclusive, site(), || real.try_lock_exclusive(), block)
    }

    #[inline]
    #[track_caller]
    fn try_lock_exclusive(&self) -> Option<Self::ExclusiveGuard> {
        let attempt = || self.real.try_lock_exclusive();
        self.identity.try_acquire(sent::RWLOCK, Mode::Exclusive, site(), attempt)
    }

    #[inline]
    unsafe fn unlock_exclusive(&self, guard: Self::ExclusiveGuard) {
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
unsafe impl<const RECURSIVE: bool> RawRwLockFair for RawRwLock<RECURSIVE> {
    #[inline]
    unsafe fn unlock_shared_fair(&self, guard: Self::SharedGuard) {
        self.identity.release(Self::SHARED);
        // SAFETY: the caller holds shared access, by this guard.
        unsafe { self.real.unlock_shared_fair(guard) }
    }

    #[inline]
    unsafe fn unlock_exclusive_fair(&self, guard: Self::ExclusiveGuard) {
        self.identity.release(Mode::Exclusive);
        // SAFETY: the caller holds exclusive access, by this guard.
        unsafe { self.real.unlock_exclusive_fair(guard) }
    }

    #[inline]
    unsafe fn bump_shared(&self, guard: &mut Self::SharedGuard) {
        // SAFETY: the caller holds shared access, by this guard.
        unsafe { self.real.bump_shared(guard) }
    }

    #[inline]
    unsafe fn bump_exclusive(&self, guard: &mut Self::ExclusiveGuard) {
        // SAFETY: the caller holds exclusive access, by this guard.
        unsafe { self.real.bump_exclusive(guard) }
    }
}

// SAFETY: as above.
unsafe impl<const RECURSIVE: bool> RawRwLockDowngrade for RawRwLock<RECURSIVE> {
    #[inline]
    #[track_caller]
    unsafe fn downgrade(&self, guard: Self::ExclusiveGuard) -> Self::SharedGuard {
        self.identity.release(Mode::Exclusive);
        // SAFETY: the caller holds exclusive access, by this guard.
        let guard = unsafe { self.real.downgrade(guard) };
        self.identity.hold(sent::RWLOCK, Self::SHARED, true, site());
        guard
    }
}

// SAFETY: as above.
unsafe impl<const RECURSIVE: bool> RawRwLockTimed for RawRwLock<RECURSIVE> {
    type Duration = Duration;
    type Instant = Instant;

    #[inline]
    #[track_caller]
    fn try_lock_shared_for(&self, timeout: Duration) -> Option<Self::SharedGuard> {
        let real = &self.real;
        let wait = || real.try_lock_shared_for(timeout);
        self.within(Self::SHARED, site(), || real.try_lock_shared(), wait)
    }

    #[inline]
    #[track_caller]
    fn try_lock_shared_until(&self, timeout: Instant) -> Option<Self::SharedGuard> {
        let real = &self.real;
        let wait = || real.try_lock_shared_until(timeout);
        self.within(Self::SHARED, site(), || real.try_lock_shared(), wait)
    }

    #[inline]
    #[track_caller]
    fn try_lock_exclusive_for(&self, timeout: Duration) -> Option<Self::ExclusiveGuard> {
        let real = &self.real;
        let wait = || real.try_lock_exclusive_for(timeout);
        self.within(Mode::Exclusive, site(), || real.try_lock_exclusive(), wait)
    }

    #[inline]
    #[track_caller]
    fn try_lock_exclusive_until(&self, timeout: Instant) -> Option<Self::ExclusiveGuard> {
        let real = &self.real;
        let wait = || real.try_lock_exclusive_until(timeout);
        self.within(Mode::Exclusive, site(), || real.try_lock_exclusive(), wait)
    }
}

// SAFETY: as above.
unsafe impl<const RECURSIVE: bool> RawRwLockUpgrade for RawRwLock<RECURSIVE> {
    type UpgradableGuard = Upgradable<RECURSIVE>;

    #[inline]
    #[track_caller]
    fn lock_upgradable(&self) -> Self::UpgradableGuard {
        let site = site();
        self.ready_for_right();
        let guard = self.real.try_lock_upgradable().unwrap_or_else(|| {
            let _blocked = self.block_for_right(false, site);
            self.real.lock_upgradable()
        });
        self.hold_right(false, site);
        guard
    }

    #[inline]
    #[track_caller]
    fn try_lock_upgradable(&self) -> Option<Self::UpgradableGuard> {
        self.ready_for_right();
        let guard = self.real.try_lock_upgradable()?;
        self.hold_right(true, site());
        Some(guard)
    }

    #[inline]
    unsafe fn unlock_upgradable(&self, guard: Self::UpgradableGuard) {
        self.release_right();
        // SAFETY: the caller has upgradable access, by this guard.
        unsafe { self.real.unlock_upgradable(guard) }
    }

    #[inline]
    #[track_caller]
    unsafe fn upgrade(&self, guard: Self::UpgradableGuard) -> Self::ExclusiveGuard {
        // SAFETY: it is called with upgradable access, by its guard.
        let wait = |guard| Ok(unsafe { self.real.upgrade(guard) });
        // SAFETY: the caller has upgradable access, by this guard.
        match unsafe { self.upgrade_by(guard, false, site(), wait) } {
            Ok(guard) => guard,
            Err(_) => unreachable!("an upgrade without a limit does not give up"),
        }
    }

    #[inline]
    #[track_caller]
    unsafe fn try_upgrade(
        &self,
        guard: Self::UpgradableGuard,
    ) -> Result<Self::ExclusiveGuard, Self::UpgradableGuard> {
        // SAFETY: the caller has upgradable access, by this guard.
        let guard = unsafe { self.real.try_upgrade(guard) }?;
        self.hold_upgraded(true, site());
        Ok(guard)
    }
}

// SAFETY: as above.
unsafe impl<const RECURSIVE: bool> RawRwLockUpgradeFair for RawRwLock<RECURSIVE> {
    #[inline]
    unsafe fn unlock_upgradable_fair(&self, guard: Self::UpgradableGuard) {
        self.release_right();
        // SAFETY: the caller has upgradable access, by this guard.
        unsafe { self.real.unlock_upgradable_fair(guard) }
    }

    #[inline]
    unsafe fn bump_upgradable(&self, guard: &mut Self::UpgradableGuard) {
        // SAFETY: the caller has upgradable access, by this guard.
        unsafe { self.real.bump_upgradable(guard) }
    }
}

// SAFETY: as above.
unsafe impl<const RECURSIVE: bool> RawRwLockUpgradeDowngrade for RawRwLock<RECURSIVE> {
    #[inline]
    unsafe fn downgrade_upgradable(&self, guard: Self::UpgradableGuard) -> Self::SharedGuard {
        self.right.release(Mode::Exclusive);
        // SAFETY: the caller has upgradable access, by this guard.
        unsafe { self.real.downgrade_upgradable(guard) }
    }

    #[inline]
    #[track_caller]
    unsafe fn downgrade_to_upgradable(&self, guard: Self::ExclusiveGuard) -> Self::UpgradableGuard {
        self.identity.release(Mode::Exclusive);
        // SAFETY: the caller holds exclusive access, by this guard.
        let guard = unsafe { self.real.downgrade_to_upgradable(guard) };
        self.hold_right(true, site());
        guard
    }
}

// SAFETY: as above.
unsafe impl<const RECURSIVE: bool> RawRwLockUpgradeTimed for RawRwLock<RECURSIVE> {
    #[inline]
    #[track_caller]
    fn try_lock_upgradable_for(&self, timeout: Duration) -> Option<Self::UpgradableGuard> {
        let site = site();
        self.ready_for_right();
        let guard = self.real.try_lock_upgradable().or_else(|| {
            let _blocked = self.block_for_right(true, site);
            self.real.try_lock_upgradable_for(timeout)
        })?;
        self.hold_right(true, site);
        Some(guard)
    }

    #[inline]
    #[track_caller]
    fn try_lock_upgradable_until(&self, timeout: Instant) -> Option<Self::UpgradableGuard> {
        let site = site();
        self.ready_for_right();
        let guard = self.real.try_lock_upgradable().or_else(|| {
            let _blocked = self.block_for_right(true, site);
            self.real.try_lock_upgradable_until(timeout)
        })?;
        self.hold_right(true, site);
        Some(guard)
    }

    #[inline]
    #[track_caller]
    unsafe fn try_upgrade_for(
        &self,
        guard: Self::UpgradableGuard,
        timeout: Duration,
    ) -> Result<Self::ExclusiveGuard, Self::UpgradableGuard> {
        // SAFETY: it is called with upgradable access, by its guard.
        let wait = |guard| unsafe { self.real.try_upgrade_for(guard, timeout) };
        // SAFETY: the caller has upgradable access, by this guard.
        unsafe { self.upgrade_by(guard, true, site(), wait) }
    }

    #[inline]
    #[track_caller]
    unsafe fn try_upgrade_until(
        &self,
        guard: Self::UpgradableGuard,
        timeout: Instant,
    ) -> Result<Self::ExclusiveGuard, Self::UpgradableGuard> {
        // SAFETY: it is called with upgradable access, by its guard.
        let wait = |guard| unsafe { self.real.try_upgrade_until(guard, timeout) };
        // SAFETY: the caller has upgradable access, by this guard.
        unsafe { self.upgrade_by(guard, true, site(), wait) }
    }
}

//! Upgradable readers.
//!
//! An upgradable reader is recorded as what it is: a reader that has, beside its shared access, a right that one reader
//! at a time may have. Right and lock have identities of their own. So a reader that waits for the right, held by one
//! that waits for the readers to go, is a cycle, as between any two locks.

use super::{Kind, Mode, RecordedRwLock, Site, site};
use crate::{
    RawRwLock, RawRwLockUpgrade, RawRwLockUpgradeDowngrade, RawRwLockUpgradeFair,
    RawRwLockUpgradeTimed,
};

/// Upgradable access that waits to become exclusive: it is given up when the wait unwinds.
struct Owed<'a, R: RawRwLockUpgrade> {
    lock: &'a RecordedRwLock<R>,
    /// Gone once the real lock has it back.
    guard: Option<R::UpgradableGuard>,
}

impl<R: RawRwLockUpgrade> Drop for Owed<'_, R> {
    fn drop(&mut self) {
        self.lock.right.release(Mode::Exclusive);
        if let Some(guard) = self.guard.take() {
            // SAFETY: the access that this guard stands for is held still.
            unsafe { self.lock.real.unlock_upgradable(guard) }
        }
    }
}

type Upgraded<R> =
    Result<<R as RawRwLock>::ExclusiveGuard, <R as RawRwLockUpgrade>::UpgradableGuard>;

impl<R: RawRwLockUpgrade> RecordedRwLock<R> {
    const RIGHT: &'static Kind =
        if R::__SYNCSCOPE_SENT { Kind::SENT_UPGRADE } else { Kind::UPGRADE };

    /// Acquires right and shared access, in one step of the real lock: by `attempt`, else by `wait`, which gives up now and
    /// then where `is_bounded`. In the books the right always comes first.
    ///
    /// What a thread waits for here, the right or the end of a writer, is known by whether somebody has the right.
    fn acquire_right(
        &self,
        site: Site,
        is_bounded: bool,
        wait: impl FnOnce() -> Option<R::UpgradableGuard>,
    ) -> Option<R::UpgradableGuard> {
        self.right.ready(Self::RIGHT);
        self.identity.ready(Self::KIND);
        let guard = self.real.try_lock_upgradable().or_else(|| {
            let _blocked = if self.right.is_owned() {
                self.right.block(Self::RIGHT, Mode::Exclusive, is_bounded, site)
            } else {
                self.identity.block(Self::KIND, Self::SHARED, is_bounded, site)
            };
            wait()
        })?;
        self.hold_right(is_bounded, site);
        Some(guard)
    }

    fn hold_right(&self, is_bounded: bool, site: Site) {
        self.right.hold(Self::RIGHT, Mode::Exclusive, is_bounded, site);
        self.identity.hold(Self::KIND, Self::SHARED, is_bounded, site);
    }

    fn release_right(&self) {
        self.identity.release(Self::SHARED);
        self.right.release(Mode::Exclusive);
    }

    /// Upgradable access has become exclusive without a wait.
    fn hold_upgraded(&self, is_bounded: bool, site: Site) {
        self.identity.release(Self::SHARED);
        self.identity.hold(Self::KIND, Mode::Exclusive, is_bounded, site);
        self.right.release(Mode::Exclusive);
    }

    /// Turns right and shared access into exclusive access. Meanwhile the right is still held, since others wait for it; the
    /// shared access is not: nobody waits for his own.
    ///
    /// # Safety
    ///
    /// The caller has upgradable access, by this guard.
    unsafe fn upgrade_by(
        &self,
        guard: R::UpgradableGuard,
        is_bounded: bool,
        site: Site,
        wait: impl FnOnce(R::UpgradableGuard) -> Upgraded<R>,
    ) -> Upgraded<R> {
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
        let blocked = self.identity.block(Self::KIND, Mode::Exclusive, is_bounded, site);
        let Some(guard) = owed.guard.take() else { unreachable!("it was put there just now") };
        let upgraded = wait(guard);
        core::mem::forget(owed);
        if upgraded.is_ok() {
            blocked.acquired();
            self.right.release(Mode::Exclusive);
        } else {
            drop(blocked);
            self.identity.hold(Self::KIND, Self::SHARED, true, site);
        }
        upgraded
    }

    #[inline]
    #[track_caller]
    pub(crate) fn lock_upgradable_at(&self, site: Site) -> R::UpgradableGuard {
        match self.acquire_right(site, false, || Some(self.real.lock_upgradable())) {
            Some(guard) => guard,
            None => unreachable!("an acquisition without a limit does not give up"),
        }
    }

    /// # Safety
    ///
    /// The caller has upgradable access, by this guard.
    #[inline]
    #[track_caller]
    pub(crate) unsafe fn upgrade_at(
        &self,
        site: Site,
        guard: R::UpgradableGuard,
    ) -> R::ExclusiveGuard {
        // SAFETY: it is called with upgradable access, by its guard.
        let wait = |guard| Ok(unsafe { self.real.upgrade(guard) });
        // SAFETY: the caller has upgradable access, by this guard.
        match unsafe { self.upgrade_by(guard, false, site, wait) } {
            Ok(guard) => guard,
            Err(_) => unreachable!("an upgrade without a limit does not give up"),
        }
    }

    /// # Safety
    ///
    /// The caller has upgradable access, by this guard.
    #[inline]
    #[track_caller]
    pub(crate) unsafe fn try_upgrade_at(
        &self,
        site: Site,
        guard: R::UpgradableGuard,
    ) -> Upgraded<R> {
        // SAFETY: the caller has upgradable access, by this guard.
        let guard = unsafe { self.real.try_upgrade(guard) }?;
        self.hold_upgraded(true, site);
        Ok(guard)
    }
}

impl<R: RawRwLockUpgradeTimed> RecordedRwLock<R> {
    /// # Safety
    ///
    /// The caller has upgradable access, by this guard.
    #[inline]
    #[track_caller]
    pub(crate) unsafe fn try_upgrade_for_at(
        &self,
        site: Site,
        guard: R::UpgradableGuard,
        timeout: R::Duration,
    ) -> Upgraded<R> {
        // SAFETY: it is called with upgradable access, by its guard.
        let wait = |guard| unsafe { self.real.try_upgrade_for(guard, timeout) };
        // SAFETY: the caller has upgradable access, by this guard.
        unsafe { self.upgrade_by(guard, true, site, wait) }
    }

    /// # Safety
    ///
    /// The caller has upgradable access, by this guard.
    #[inline]
    #[track_caller]
    pub(crate) unsafe fn try_upgrade_until_at(
        &self,
        site: Site,
        guard: R::UpgradableGuard,
        timeout: R::Instant,
    ) -> Upgraded<R> {
        // SAFETY: it is called with upgradable access, by its guard.
        let wait = |guard| unsafe { self.real.try_upgrade_until(guard, timeout) };
        // SAFETY: the caller has upgradable access, by this guard.
        unsafe { self.upgrade_by(guard, true, site, wait) }
    }
}

impl<R: RawRwLockUpgradeDowngrade> RecordedRwLock<R> {
    /// # Safety
    ///
    /// The caller holds exclusive access, by this guard.
    #[inline]
    #[track_caller]
    pub(crate) unsafe fn downgrade_to_upgradable_at(
        &self,
        site: Site,
        guard: R::ExclusiveGuard,
    ) -> R::UpgradableGuard {
        self.identity.release(Mode::Exclusive);
        // SAFETY: the caller holds exclusive access, by this guard.
        let guard = unsafe { self.real.downgrade_to_upgradable(guard) };
        self.hold_right(true, site);
        guard
    }
}

// SAFETY: all methods are the real lock's, which excludes as the trait wants; the calls beside them do not touch it. What
// may unwind comes before the real acquisition, or is covered by `Owed`.
unsafe impl<R: RawRwLockUpgrade> RawRwLockUpgrade for RecordedRwLock<R> {
    type UpgradableGuard = R::UpgradableGuard;

    #[inline]
    #[track_caller]
    fn lock_upgradable(&self) -> R::UpgradableGuard {
        self.lock_upgradable_at(site())
    }

    #[inline]
    #[track_caller]
    fn try_lock_upgradable(&self) -> Option<R::UpgradableGuard> {
        self.right.ready(Self::RIGHT);
        self.identity.ready(Self::KIND);
        let guard = self.real.try_lock_upgradable()?;
        self.hold_right(true, site());
        Some(guard)
    }

    #[inline]
    unsafe fn unlock_upgradable(&self, guard: R::UpgradableGuard) {
        self.release_right();
        // SAFETY: the caller has upgradable access, by this guard.
        unsafe { self.real.unlock_upgradable(guard) }
    }

    #[inline]
    #[track_caller]
    unsafe fn upgrade(&self, guard: R::UpgradableGuard) -> R::ExclusiveGuard {
        // SAFETY: the caller has upgradable access, by this guard.
        unsafe { self.upgrade_at(site(), guard) }
    }

    #[inline]
    #[track_caller]
    unsafe fn try_upgrade(&self, guard: R::UpgradableGuard) -> Upgraded<R> {
        // SAFETY: the caller has upgradable access, by this guard.
        unsafe { self.try_upgrade_at(site(), guard) }
    }
}

// SAFETY: as above.
unsafe impl<R: RawRwLockUpgradeFair> RawRwLockUpgradeFair for RecordedRwLock<R> {
    #[inline]
    unsafe fn unlock_upgradable_fair(&self, guard: R::UpgradableGuard) {
        self.release_right();
        // SAFETY: the caller has upgradable access, by this guard.
        unsafe { self.real.unlock_upgradable_fair(guard) }
    }

    #[inline]
    unsafe fn bump_upgradable(&self, guard: &mut R::UpgradableGuard) {
        // SAFETY: the caller has upgradable access, by this guard.
        unsafe { self.real.bump_upgradable(guard) }
    }
}

// SAFETY: as above.
unsafe impl<R: RawRwLockUpgradeDowngrade> RawRwLockUpgradeDowngrade for RecordedRwLock<R> {
    #[inline]
    unsafe fn downgrade_upgradable(&self, guard: R::UpgradableGuard) -> R::SharedGuard {
        self.right.release(Mode::Exclusive);
        // SAFETY: the caller has upgradable access, by this guard.
        unsafe { self.real.downgrade_upgradable(guard) }
    }

    #[inline]
    #[track_caller]
    unsafe fn downgrade_to_upgradable(&self, guard: R::ExclusiveGuard) -> R::UpgradableGuard {
        // SAFETY: the caller holds exclusive access, by this guard.
        unsafe { self.downgrade_to_upgradable_at(site(), guard) }
    }
}

// SAFETY: as above.
unsafe impl<R: RawRwLockUpgradeTimed> RawRwLockUpgradeTimed for RecordedRwLock<R> {
    #[inline]
    #[track_caller]
    fn try_lock_upgradable_for(&self, timeout: R::Duration) -> Option<R::UpgradableGuard> {
        self.acquire_right(site(), true, || self.real.try_lock_upgradable_for(timeout))
    }

    #[inline]
    #[track_caller]
    fn try_lock_upgradable_until(&self, timeout: R::Instant) -> Option<R::UpgradableGuard> {
        self.acquire_right(site(), true, || self.real.try_lock_upgradable_until(timeout))
    }

    #[inline]
    #[track_caller]
    unsafe fn try_upgrade_for(
        &self,
        guard: R::UpgradableGuard,
        timeout: R::Duration,
    ) -> Upgraded<R> {
        // SAFETY: the caller has upgradable access, by this guard.
        unsafe { self.try_upgrade_for_at(site(), guard, timeout) }
    }

    #[inline]
    #[track_caller]
    unsafe fn try_upgrade_until(
        &self,
        guard: R::UpgradableGuard,
        timeout: R::Instant,
    ) -> Upgraded<R> {
        // SAFETY: the caller has upgradable access, by this guard.
        unsafe { self.try_upgrade_until_at(site(), guard, timeout) }
    }
}

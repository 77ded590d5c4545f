//! `Condvar`.

use crate::mutex::{MutexGuard, RawMutex};
use crate::original::{self, WaitTimeoutResult, lock_api};
use crate::raw::{Identity, Site, site};
use lock_api::{RawCondvar as Raw, RawCondvarTimed, RawMutex as _};
use std::cell::Cell;
use std::fmt;
use std::ops::DerefMut;
use std::time::{Duration, Instant};

/// The original's raw condition variable, recorded.
pub struct RawCondvar {
    identity: Identity,
    real: original::RawCondvar,
}

/// See the original. There it is an alias of lock_api's type, which does not tell where it is called; this one does.
pub struct Condvar {
    inner: lock_api::Condvar<RawCondvar>,
}

type Guard = <RawMutex as lock_api::RawMutex>::Guard;

thread_local! {
    /// The place of the call of [`Condvar`] that is under way.
    static CALLER: Cell<Option<Site>> = const { Cell::new(None) };
}

/// The place of the call, if it came by [`Condvar`]; else the next best.
#[track_caller]
fn caller() -> Site {
    CALLER.take().unwrap_or(site())
}

impl RawCondvar {
    fn wait_with<R>(
        &self,
        mutex: &RawMutex,
        is_timed: bool,
        site: Site,
        wait: impl FnOnce(&original::RawMutex) -> R,
    ) -> R {
        self.identity.wait(&mutex.identity, is_timed, site, || wait(&mutex.real))
    }
}

// SAFETY: all methods are the real one's, with the real mutex inside ours; the calls beside them do not touch it.
unsafe impl Raw for RawCondvar {
    const INIT: Self =
        Self { identity: Identity::unknown(), real: <original::RawCondvar as Raw>::INIT };

    type RawMutex = RawMutex;

    #[track_caller]
    unsafe fn wait(&self, mutex: &RawMutex, guard: &mut Guard) {
        // SAFETY: the caller holds the mutex, by this guard.
        self.wait_with(mutex, false, caller(), |mutex| unsafe { self.real.wait(mutex, guard) });
    }

    #[track_caller]
    fn notify_one(&self) -> bool {
        self.identity.notify(false, caller());
        self.real.notify_one()
    }

    #[track_caller]
    fn notify_all(&self) -> usize {
        self.identity.notify(true, caller());
        self.real.notify_all()
    }
}

// SAFETY: as above.
unsafe impl RawCondvarTimed for RawCondvar {
    fn checked_duration_to_instant(timeout: &Duration) -> Option<Instant> {
        original::RawCondvar::checked_duration_to_instant(timeout)
    }

    #[track_caller]
    unsafe fn wait_until(&self, mutex: &RawMutex, guard: &mut Guard, timeout: &Instant) -> bool {
        // SAFETY: the caller holds the mutex, by this guard.
        let wait = |mutex: &_| unsafe { self.real.wait_until(mutex, guard, timeout) };
        self.wait_with(mutex, true, caller(), wait)
    }

    #[track_caller]
    unsafe fn wait_for(&self, mutex: &RawMutex, guard: &mut Guard, timeout: &Duration) -> bool {
        // SAFETY: the caller holds the mutex, by this guard.
        let wait = |mutex: &_| unsafe { self.real.wait_for(mutex, guard, timeout) };
        self.wait_with(mutex, true, caller(), wait)
    }
}

impl Condvar {
    /// See the original.
    #[inline]
    pub const fn new() -> Condvar {
        Condvar { inner: lock_api::Condvar::new() }
    }

    /// See the original.
    #[inline]
    pub fn raw(&self) -> &RawCondvar {
        self.inner.raw()
    }

    /// lock_api's, which is told the place of the call.
    #[inline]
    fn at(&self, site: Site) -> &lock_api::Condvar<RawCondvar> {
        CALLER.set(Some(site));
        &self.inner
    }

    /// See the original.
    #[inline]
    #[track_caller]
    pub fn notify_one(&self) -> bool {
        self.at(site()).notify_one()
    }

    /// See the original.
    #[inline]
    #[track_caller]
    pub fn notify_all(&self) -> usize {
        self.at(site()).notify_all()
    }

    /// See the original.
    #[inline]
    #[track_caller]
    pub fn wait<T: ?Sized>(&self, mutex_guard: &mut MutexGuard<'_, T>) {
        self.at(site()).wait(mutex_guard);
    }

    /// See the original.
    #[inline]
    #[track_caller]
    pub fn wait_while<T, F>(&self, mutex_guard: &mut MutexGuard<'_, T>, mut condition: F)
    where
        T: ?Sized,
        F: FnMut(&mut T) -> bool,
    {
        let site = site();
        while condition(mutex_guard.deref_mut()) {
            self.at(site).wait(mutex_guard);
        }
    }

    /// See the original.
    #[inline]
    #[track_caller]
    pub fn wait_until<T: ?Sized>(
        &self,
        mutex_guard: &mut MutexGuard<'_, T>,
        timeout: Instant,
    ) -> WaitTimeoutResult {
        self.at(site()).wait_until(mutex_guard, timeout)
    }

    /// See the original.
    #[inline]
    #[track_caller]
    pub fn wait_for<T: ?Sized>(
        &self,
        mutex_guard: &mut MutexGuard<'_, T>,
        timeout: Duration,
    ) -> WaitTimeoutResult {
        self.at(site()).wait_for(mutex_guard, timeout)
    }

    /// See the original.
    #[inline]
    #[track_caller]
    pub fn wait_while_until<T, F>(
        &self,
        mutex_guard: &mut MutexGuard<'_, T>,
        mut condition: F,
        timeout: Instant,
    ) -> WaitTimeoutResult
    where
        T: ?Sized,
        F: FnMut(&mut T) -> bool,
    {
        let site = site();
        // The place is told anew before each wait, since the condition may use another condition variable.
        self.inner.wait_while_until(
            mutex_guard,
            |value| {
                let goes_on = condition(value);
                CALLER.set(goes_on.then_some(site));
                goes_on
            },
            timeout,
        )
    }

    /// See the original.
    #[inline]
    #[track_caller]
    pub fn wait_while_for<T: ?Sized, F>(
        &self,
        mutex_guard: &mut MutexGuard<'_, T>,
        mut condition: F,
        timeout: Duration,
    ) -> WaitTimeoutResult
    where
        F: FnMut(&mut T) -> bool,
    {
        let site = site();
        self.inner.wait_while_for(
            mutex_guard,
            |value| {
                let goes_on = condition(value);
                CALLER.set(goes_on.then_some(site));
                goes_on
            },
            timeout,
        )
    }
}

impl Default for Condvar {
    #[inline]
    fn default() -> Condvar {
        Condvar::new()
    }
}

impl fmt::Debug for Condvar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

//! `Condvar`.

use crate::mutex::{MutexGuard, RawMutex};
use crate::original::{self, WaitTimeoutResult};
use crate::raw::{Identity, Site, site};
use std::fmt;
use std::mem::ManuallyDrop;
use std::ops::DerefMut;
use std::time::{Duration, Instant};

/// See the original.
pub struct Condvar {
    identity: Identity,
    real: original::Condvar,
}

/// A guard of the original, as its condition variable wants it.
type RealGuard<'a> = original::MutexGuard<'a, ()>;

impl Condvar {
    /// See the original. The caller's place becomes the creation site.
    #[inline]
    #[track_caller]
    pub const fn new() -> Condvar {
        Condvar { identity: Identity::here(), real: original::Condvar::new() }
    }

    /// See the original.
    #[inline]
    #[track_caller]
    pub fn notify_one(&self) -> bool {
        self.identity.notify(false, site());
        self.real.notify_one()
    }

    /// See the original.
    #[inline]
    #[track_caller]
    pub fn notify_all(&self) -> usize {
        self.identity.notify(true, site());
        self.real.notify_all()
    }

    /// See the original.
    #[inline]
    #[track_caller]
    pub fn wait<T: ?Sized>(&self, mutex_guard: &mut MutexGuard<'_, T>) {
        self.wait_with(mutex_guard, false, site(), |real, guard| real.wait(guard));
    }

    /// See the original.
    #[inline]
    #[track_caller]
    pub fn wait_until<T: ?Sized>(
        &self,
        mutex_guard: &mut MutexGuard<'_, T>,
        timeout: Instant,
    ) -> WaitTimeoutResult {
        self.wait_with(mutex_guard, true, site(), |real, guard| real.wait_until(guard, timeout))
    }

    /// See the original.
    #[inline]
    #[track_caller]
    pub fn wait_for<T: ?Sized>(
        &self,
        mutex_guard: &mut MutexGuard<'_, T>,
        timeout: Duration,
    ) -> WaitTimeoutResult {
        self.wait_with(mutex_guard, true, site(), |real, guard| real.wait_for(guard, timeout))
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
            self.wait_with(mutex_guard, false, site, |real, guard| real.wait(guard));
        }
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
        // The original alone can make its result: it is that of the last wait, or of one that had no need to wait.
        let mut result = self.never_timed_out(mutex_guard);
        while !result.timed_out() && condition(mutex_guard.deref_mut()) {
            result = self
                .wait_with(mutex_guard, true, site, |real, guard| real.wait_until(guard, timeout));
        }
        result
    }

    /// See the original.
    #[inline]
    #[track_caller]
    pub fn wait_while_for<T: ?Sized, F>(
        &self,
        mutex_guard: &mut MutexGuard<'_, T>,
        condition: F,
        timeout: Duration,
    ) -> WaitTimeoutResult
    where
        F: FnMut(&mut T) -> bool,
    {
        match Instant::now().checked_add(timeout) {
            Some(deadline) => self.wait_while_until(mutex_guard, condition, deadline),
            // Longer than time itself: there is no limit.
            None => {
                self.wait_while(mutex_guard, condition);
                self.never_timed_out(mutex_guard)
            }
        }
    }

    /// What the original says when there was nothing to wait for.
    fn never_timed_out<T: ?Sized>(&self, guard: &mut MutexGuard<'_, T>) -> WaitTimeoutResult {
        with_real(guard, |guard| self.real.wait_while_until(guard, |()| false, Instant::now()))
    }

    fn wait_with<T: ?Sized, R>(
        &self,
        guard: &mut MutexGuard<'_, T>,
        is_timed: bool,
        site: Site,
        wait: impl FnOnce(&original::Condvar, &mut RealGuard<'_>) -> R,
    ) -> R {
        // SAFETY: only its identity is used, and by `with_real`.
        let mutex: &RawMutex = unsafe { MutexGuard::mutex(guard).raw() };
        self.identity.wait(&mutex.identity, is_timed, site, || {
            with_real(guard, |guard| wait(&self.real, guard))
        })
    }
}

/// Lends a guard of the real mutex that `guard` holds.
fn with_real<T: ?Sized, R>(
    guard: &mut MutexGuard<'_, T>,
    f: impl FnOnce(&mut RealGuard<'_>) -> R,
) -> R {
    // SAFETY: the real mutex is used by `make_guard_unchecked` only, below.
    let mutex: &RawMutex = unsafe { MutexGuard::mutex(guard).raw() };
    // SAFETY: `guard` is proof that this thread holds the mutex, and it is borrowed for as long as the real guard exists.
    let real = unsafe { mutex.real.make_guard_unchecked() };
    // Never dropped: it is `guard` that releases, also when the wait panics.
    f(&mut ManuallyDrop::new(real))
}

impl Default for Condvar {
    #[inline]
    #[track_caller]
    fn default() -> Condvar {
        Condvar::new()
    }
}

impl fmt::Debug for Condvar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.real.fmt(f)
    }
}

//! `Condvar` and the result of its timed waits.

use super::mutex::{Mutex, MutexGuard};
use crate::rt::hook::{self, Site, primitive};
use crate::rt::object::meta::{Desc, Meta};
use std::fmt;
use std::panic::Location;
use std::sync as real;
use std::sync::{LockResult, PoisonError};
use std::time::{Duration, Instant};

/// A condition variable: [`std::sync::Condvar`], recorded.
///
/// A wait releases the mutex and takes it again when it ends; both are recorded, so an order that only exists inside a
/// wait is seen too.
pub struct Condvar {
    pub(crate) meta: Meta,
    inner: real::Condvar,
}

/// Whether a timed wait on a [`Condvar`] ended because of its time limit.
#[derive(Debug, PartialEq, Eq, Copy, Clone)]
pub struct WaitTimeoutResult(bool);

impl WaitTimeoutResult {
    /// Whether the time limit was reached.
    #[must_use]
    pub fn timed_out(&self) -> bool {
        self.0
    }
}

impl Condvar {
    const DESC: &'static Desc = &Desc::of::<()>(primitive::CONDVAR);

    /// A new condition variable. The caller's place becomes its creation site.
    #[must_use]
    #[inline]
    #[track_caller]
    pub const fn new() -> Condvar {
        Condvar { meta: Meta::new(), inner: real::Condvar::new() }
    }

    /// Blocks until this condition variable is notified. Spurious wake-ups happen, as with std.
    ///
    /// Recorded: the release of the mutex, the wait, which is checked for a deadlock, and the mutex's re-acquisition.
    ///
    /// # Errors
    ///
    /// The mutex is poisoned. The error contains the guard.
    ///
    /// # Panics
    ///
    /// As std's, and when this call completes a deadlock and the chosen response is to panic.
    #[track_caller]
    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        self.wait_at(guard, Location::caller())
    }

    /// Blocks while `condition` returns true. Recorded as [`wait`](Self::wait).
    ///
    /// # Errors
    ///
    /// As [`wait`](Self::wait).
    ///
    /// # Panics
    ///
    /// As [`wait`](Self::wait), and when `condition` does.
    #[track_caller]
    pub fn wait_while<'a, T, F>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut condition: F,
    ) -> LockResult<MutexGuard<'a, T>>
    where
        F: FnMut(&mut T) -> bool,
    {
        let site = Location::caller();
        while condition(&mut *guard) {
            guard = self.wait_at(guard, site)?;
        }
        Ok(guard)
    }

    /// Blocks until notified, for at most about `ms` milliseconds; false if the limit was reached.
    ///
    /// # Errors
    ///
    /// As [`wait`](Self::wait).
    ///
    /// # Panics
    ///
    /// As std's.
    #[track_caller]
    #[deprecated(since = "1.6.0", note = "replaced by `std::sync::Condvar::wait_timeout`")]
    pub fn wait_timeout_ms<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        ms: u32,
    ) -> LockResult<(MutexGuard<'a, T>, bool)> {
        let dur = Duration::from_millis(u64::from(ms));
        match self.wait_timeout_at(guard, dur, Location::caller()) {
            Ok((guard, limit)) => Ok((guard, !limit.timed_out())),
            Err(poisoned) => {
                let (guard, limit) = poisoned.into_inner();
                Err(PoisonError::new((guard, !limit.timed_out())))
            }
        }
    }

    /// Blocks until notified, for at most about `dur`. Recorded as [`wait`](Self::wait), as a wait that ends by itself.
    ///
    /// # Errors
    ///
    /// As [`wait`](Self::wait).
    ///
    /// # Panics
    ///
    /// As std's.
    #[track_caller]
    pub fn wait_timeout<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        dur: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        self.wait_timeout_at(guard, dur, Location::caller())
    }

    /// Blocks while `condition` returns true, for at most about `dur`. Recorded as
    /// [`wait_timeout`](Self::wait_timeout).
    ///
    /// # Errors
    ///
    /// As [`wait`](Self::wait).
    ///
    /// # Panics
    ///
    /// As std's, and when `condition` does.
    #[track_caller]
    pub fn wait_timeout_while<'a, T, F>(
        &self,
        mut guard: MutexGuard<'a, T>,
        dur: Duration,
        mut condition: F,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)>
    where
        F: FnMut(&mut T) -> bool,
    {
        let site = Location::caller();
        let start = Instant::now();
        loop {
            if !condition(&mut *guard) {
                return Ok((guard, WaitTimeoutResult(false)));
            }
            let Some(left) = dur.checked_sub(start.elapsed()) else {
                return Ok((guard, WaitTimeoutResult(true)));
            };
            guard = self.wait_timeout_at(guard, left, site)?.0;
        }
    }

    /// Wakes one thread that waits here, if there is one. Recorded.
    #[track_caller]
    pub fn notify_one(&self) {
        hook::notified(&self.meta, Self::DESC, false, Location::caller());
        self.inner.notify_one();
    }

    /// Wakes all threads that wait here. Recorded.
    #[track_caller]
    pub fn notify_all(&self) {
        hook::notified(&self.meta, Self::DESC, true, Location::caller());
        self.inner.notify_all();
    }

    fn wait_at<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        site: Site,
    ) -> LockResult<MutexGuard<'a, T>> {
        let mutex = guard.meta();
        // While `guard` is still ours: if this panics, dropping it releases the mutex in the books as well.
        let waiting =
            hook::condvar_wait((&self.meta, Self::DESC), (mutex, Mutex::<T>::DESC), false, site);
        let result = self.inner.wait(guard.into_real());
        waiting.reacquired();
        MutexGuard::wrap(mutex, result)
    }

    fn wait_timeout_at<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        dur: Duration,
        site: Site,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        let mutex = guard.meta();
        // As in `wait_at`.
        let waiting =
            hook::condvar_wait((&self.meta, Self::DESC), (mutex, Mutex::<T>::DESC), true, site);
        let result = self.inner.wait_timeout(guard.into_real(), dur);
        waiting.reacquired();
        match result {
            Ok((guard, limit)) => {
                Ok((MutexGuard::new(mutex, guard), WaitTimeoutResult(limit.timed_out())))
            }
            Err(poisoned) => {
                let (guard, limit) = poisoned.into_inner();
                let limit = WaitTimeoutResult(limit.timed_out());
                Err(PoisonError::new((MutexGuard::new(mutex, guard), limit)))
            }
        }
    }
}

impl fmt::Debug for Condvar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

impl Default for Condvar {
    /// As [`Condvar::new`].
    #[track_caller]
    fn default() -> Condvar {
        Condvar::new()
    }
}

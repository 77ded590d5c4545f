//! `Condvar`.

use super::mutex::MutexGuard;
use super::result::wrapped;
use crate::rt::hook::{self, Order};
use std::sync::{self as real, LockResult, WaitTimeoutResult};
use std::time::Duration;

/// [`std::sync::Condvar`], for [`Mutex`](super::Mutex).
#[derive(Debug, Default)]
pub struct Condvar(real::Condvar);

impl Condvar {
    /// As std's.
    #[must_use]
    pub const fn new() -> Self {
        Self(real::Condvar::new())
    }

    /// As std's.
    ///
    /// # Errors
    ///
    /// The mutex is poisoned.
    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        let (key, inner) = guard.into_real();
        let result = hook::in_std(Order::ByHooks, || self.0.wait(inner));
        wrapped(result, |inner| MutexGuard::new(key, inner))
    }

    /// As std's.
    ///
    /// # Errors
    ///
    /// The mutex is poisoned.
    pub fn wait_while<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> LockResult<MutexGuard<'a, T>> {
        while condition(&mut guard) {
            guard = self.wait(guard)?;
        }
        Ok(guard)
    }

    /// As std's.
    ///
    /// # Errors
    ///
    /// The mutex is poisoned.
    pub fn wait_timeout<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        timeout: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        let (key, inner) = guard.into_real();
        let result = hook::in_std(Order::ByHooks, || self.0.wait_timeout(inner, timeout));
        wrapped(result, |(inner, result)| (MutexGuard::new(key, inner), result))
    }

    /// As std's.
    pub fn notify_one(&self) {
        self.0.notify_one();
    }

    /// As std's.
    pub fn notify_all(&self) {
        self.0.notify_all();
    }
}

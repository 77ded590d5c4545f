//! `Mutex`.

use super::result::{tried, wrapped};
use crate::rt::hook::{self, Order};
use std::fmt;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::ptr;
use std::sync::{self as real, LockResult, TryLockResult};

/// [`std::sync::Mutex`], of which only the order is told.
#[derive(Debug, Default)]
pub struct Mutex<T: ?Sized>(real::Mutex<T>);

/// [`std::sync::MutexGuard`].
#[must_use = "if unused the Mutex will immediately unlock"]
pub struct MutexGuard<'a, T: ?Sized> {
    /// The address of the mutex.
    key: usize,
    /// Taken out only where the guard is gone.
    inner: ManuallyDrop<real::MutexGuard<'a, T>>,
}

impl<T> Mutex<T> {
    /// As std's.
    pub const fn new(value: T) -> Self {
        Self(real::Mutex::new(value))
    }

    /// As std's.
    ///
    /// # Errors
    ///
    /// The lock is poisoned.
    pub fn into_inner(self) -> LockResult<T> {
        self.0.into_inner()
    }
}

impl<T: ?Sized> Mutex<T> {
    /// As std's.
    ///
    /// # Errors
    ///
    /// The lock is poisoned.
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        let result = hook::in_std(Order::ByHooks, || self.0.lock());
        wrapped(result, |inner| MutexGuard::new(self.key(), inner))
    }

    /// As std's.
    ///
    /// # Errors
    ///
    /// The lock is held, or poisoned.
    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        let result = hook::in_std(Order::ByHooks, || self.0.try_lock());
        tried(result, |inner| MutexGuard::new(self.key(), inner))
    }

    /// As std's.
    pub fn is_poisoned(&self) -> bool {
        self.0.is_poisoned()
    }

    /// As std's.
    pub fn clear_poison(&self) {
        self.0.clear_poison();
    }

    /// As std's.
    ///
    /// # Errors
    ///
    /// The lock is poisoned.
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        self.0.get_mut()
    }

    fn key(&self) -> usize {
        (&raw const self.0).cast::<()>().addr()
    }
}

impl<T> From<T> for Mutex<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    /// The guard of a mutex that was just acquired.
    pub(super) fn new(key: usize, inner: real::MutexGuard<'a, T>) -> Self {
        hook::order_acquired(key, false);
        Self { key, inner: ManuallyDrop::new(inner) }
    }

    /// std's guard with the address of its mutex, which is about to be released.
    pub(super) fn into_real(self) -> (usize, real::MutexGuard<'a, T>) {
        hook::order_released(self.key, false);
        let this = ManuallyDrop::new(self);
        // SAFETY:
        // - `this.inner` is valid for reads and initialised.
        // - `this` is never dropped, so the guard is not duplicated.
        (this.key, ManuallyDrop::into_inner(unsafe { ptr::read(&raw const this.inner) }))
    }
}

impl<T: ?Sized> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        hook::order_released(self.key, false);
        // SAFETY: nobody uses it any more.
        hook::in_std(Order::ByHooks, || unsafe { ManuallyDrop::drop(&mut self.inner) });
    }
}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.inner
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

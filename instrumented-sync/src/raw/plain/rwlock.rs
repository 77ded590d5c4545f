//! `RwLock`.

use super::result::{tried, wrapped};
use crate::rt::hook::{self, Order};
use std::fmt;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::sync::{self as real, LockResult, TryLockResult};

/// [`std::sync::RwLock`], of which only the order is told.
#[derive(Debug, Default)]
pub struct RwLock<T: ?Sized>(real::RwLock<T>);

impl<T> RwLock<T> {
    /// As std's.
    pub const fn new(value: T) -> Self {
        Self(real::RwLock::new(value))
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

impl<T: ?Sized> RwLock<T> {
    /// As std's.
    ///
    /// # Errors
    ///
    /// The lock is poisoned.
    pub fn read(&self) -> LockResult<RwLockReadGuard<'_, T>> {
        let result = hook::in_std(Order::ByHooks, || self.0.read());
        wrapped(result, |inner| RwLockReadGuard::new(self.key(), inner))
    }

    /// As std's.
    ///
    /// # Errors
    ///
    /// The lock is poisoned.
    pub fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>> {
        let result = hook::in_std(Order::ByHooks, || self.0.write());
        wrapped(result, |inner| RwLockWriteGuard::new(self.key(), inner))
    }

    /// As std's.
    ///
    /// # Errors
    ///
    /// The lock is held by a writer, or poisoned.
    pub fn try_read(&self) -> TryLockResult<RwLockReadGuard<'_, T>> {
        let result = hook::in_std(Order::ByHooks, || self.0.try_read());
        tried(result, |inner| RwLockReadGuard::new(self.key(), inner))
    }

    /// As std's.
    ///
    /// # Errors
    ///
    /// The lock is held, or poisoned.
    pub fn try_write(&self) -> TryLockResult<RwLockWriteGuard<'_, T>> {
        let result = hook::in_std(Order::ByHooks, || self.0.try_write());
        tried(result, |inner| RwLockWriteGuard::new(self.key(), inner))
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

impl<T> From<T> for RwLock<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

/// [`std::sync::RwLockReadGuard`].
#[must_use = "if unused the RwLock will immediately unlock"]
pub struct RwLockReadGuard<'a, T: ?Sized> {
    /// The address of the lock.
    key: usize,
    /// Taken out only where the guard is gone.
    inner: ManuallyDrop<real::RwLockReadGuard<'a, T>>,
}

impl<'a, T: ?Sized> RwLockReadGuard<'a, T> {
    /// The guard of a lock that was just acquired.
    fn new(key: usize, inner: real::RwLockReadGuard<'a, T>) -> Self {
        hook::order_acquired(key, true);
        Self { key, inner: ManuallyDrop::new(inner) }
    }
}

impl<T: ?Sized> Drop for RwLockReadGuard<'_, T> {
    fn drop(&mut self) {
        hook::order_released(self.key, true);
        // SAFETY: nobody uses it any more.
        hook::in_std(Order::ByHooks, || unsafe { ManuallyDrop::drop(&mut self.inner) });
    }
}

impl<T: ?Sized> Deref for RwLockReadGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLockReadGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for RwLockReadGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// [`std::sync::RwLockWriteGuard`].
#[must_use = "if unused the RwLock will immediately unlock"]
pub struct RwLockWriteGuard<'a, T: ?Sized> {
    /// The address of the lock.
    key: usize,
    /// Taken out only where the guard is gone.
    inner: ManuallyDrop<real::RwLockWriteGuard<'a, T>>,
}

impl<'a, T: ?Sized> RwLockWriteGuard<'a, T> {
    /// The guard of a lock that was just acquired.
    fn new(key: usize, inner: real::RwLockWriteGuard<'a, T>) -> Self {
        hook::order_acquired(key, false);
        Self { key, inner: ManuallyDrop::new(inner) }
    }
}

impl<T: ?Sized> Drop for RwLockWriteGuard<'_, T> {
    fn drop(&mut self) {
        hook::order_released(self.key, false);
        // SAFETY: nobody uses it any more.
        hook::in_std(Order::ByHooks, || unsafe { ManuallyDrop::drop(&mut self.inner) });
    }
}

impl<T: ?Sized> Deref for RwLockWriteGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLockWriteGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for RwLockWriteGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized> DerefMut for RwLockWriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.inner
    }
}

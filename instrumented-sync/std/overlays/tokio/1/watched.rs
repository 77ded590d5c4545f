//! The lock of the value of a `watch` channel: who has borrowed the value blocks the thread that sends another one.

use super::sited::place;
use core::fmt;
use core::ops::{Deref, DerefMut};
use std::__syncscope::instrumented_sync::raw::plain::{self, PoisonError, TryLockError};
use std::__syncscope::instrumented_sync::raw::{Identity, Kind, Mode};

/// As the crate's own one, it knows no poisoning.
pub(crate) struct RwLock<T> {
    identity: Identity,
    real: plain::RwLock<T>,
}

impl<T> RwLock<T> {
    #[track_caller]
    pub(crate) fn new(value: T) -> Self {
        Self { identity: Identity::here(), real: plain::RwLock::new(value) }
    }

    #[inline]
    #[track_caller]
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, T> {
        let attempt = || given(self.real.try_read());
        let block = || self.real.read().unwrap_or_else(PoisonError::into_inner);
        let real = self.identity.acquire(Kind::RWLOCK, Mode::Shared, place().0, attempt, block);
        RwLockReadGuard { identity: &self.identity, real }
    }

    #[inline]
    #[track_caller]
    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, T> {
        let attempt = || given(self.real.try_write());
        let block = || self.real.write().unwrap_or_else(PoisonError::into_inner);
        let real = self.identity.acquire(Kind::RWLOCK, Mode::Exclusive, place().0, attempt, block);
        RwLockWriteGuard { identity: &self.identity, real }
    }
}

/// The guard of an attempt, also of a lock that is poisoned.
fn given<G>(attempt: plain::TryLockResult<G>) -> Option<G> {
    match attempt {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

impl<T: fmt::Debug> fmt::Debug for RwLock<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("RwLock").field(&self.real).finish()
    }
}

/// The value is borrowed.
pub(crate) struct RwLockReadGuard<'a, T> {
    identity: &'a Identity,
    real: plain::RwLockReadGuard<'a, T>,
}

impl<T> Deref for RwLockReadGuard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.real
    }
}

impl<T: fmt::Debug> fmt::Debug for RwLockReadGuard<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.real.fmt(formatter)
    }
}

impl<T> Drop for RwLockReadGuard<'_, T> {
    #[inline]
    fn drop(&mut self) {
        self.identity.release(Mode::Shared);
    }
}

/// The value is changed.
pub(crate) struct RwLockWriteGuard<'a, T> {
    identity: &'a Identity,
    real: plain::RwLockWriteGuard<'a, T>,
}

impl<T> Deref for RwLockWriteGuard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.real
    }
}

impl<T> DerefMut for RwLockWriteGuard<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.real
    }
}

impl<T> Drop for RwLockWriteGuard<'_, T> {
    #[inline]
    fn drop(&mut self) {
        self.identity.release(Mode::Exclusive);
    }
}

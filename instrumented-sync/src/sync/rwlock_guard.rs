// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! The guards of `RwLock`.

use crate::rt::hook::{self, Order, access, primitive};
use crate::rt::object::meta::{Desc, Meta};
use std::fmt;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::ptr;
use std::sync as real;
use std::sync::{LockResult, PoisonError};

/// What the runtime knows of this type of lock.
pub(super) const fn desc<T: ?Sized>() -> &'static Desc {
    const { &Desc::of::<T>(primitive::RWLOCK).that_poisons() }
}

/// Shared access held: [`std::sync::RwLockReadGuard`], recorded. Dropping it releases the lock.
#[must_use = "if unused the RwLock will immediately unlock"]
#[clippy::has_significant_drop]
pub struct RwLockReadGuard<'rwlock, T: ?Sized + 'rwlock> {
    meta: &'rwlock Meta,
    /// Taken out only where the guard is gone.
    inner: ManuallyDrop<real::RwLockReadGuard<'rwlock, T>>,
}

/// Exclusive access held: [`std::sync::RwLockWriteGuard`], recorded. Dropping it releases the lock.
#[must_use = "if unused the RwLock will immediately unlock"]
#[clippy::has_significant_drop]
pub struct RwLockWriteGuard<'rwlock, T: ?Sized + 'rwlock> {
    meta: &'rwlock Meta,
    /// Taken out only where the guard is gone.
    inner: ManuallyDrop<real::RwLockWriteGuard<'rwlock, T>>,
}

impl<'rwlock, T: ?Sized> RwLockReadGuard<'rwlock, T> {
    #[inline]
    pub(super) fn new(
        meta: &'rwlock Meta,
        inner: real::RwLockReadGuard<'rwlock, T>,
    ) -> RwLockReadGuard<'rwlock, T> {
        RwLockReadGuard { meta, inner: ManuallyDrop::new(inner) }
    }

    /// The guard of a lock that was just acquired, in std's result.
    #[inline(always)]
    pub(super) fn of(
        meta: &'rwlock Meta,
        inner: real::RwLockReadGuard<'rwlock, T>,
        is_poisoned: bool,
    ) -> LockResult<Self> {
        let guard = Self::new(meta, inner);
        if is_poisoned { Err(PoisonError::new(guard)) } else { Ok(guard) }
    }

    #[cold]
    pub(super) fn poisoned(
        meta: &'rwlock Meta,
        poisoned: PoisonError<real::RwLockReadGuard<'rwlock, T>>,
    ) -> PoisonError<Self> {
        PoisonError::new(Self::new(meta, poisoned.into_inner()))
    }
}

impl<'rwlock, T: ?Sized> RwLockWriteGuard<'rwlock, T> {
    /// Turns exclusive access into shared access without letting another writer in between.
    ///
    /// Recorded: the release of exclusive access, and an acquisition of shared access that cannot block.
    #[track_caller]
    pub fn downgrade(s: Self) -> RwLockReadGuard<'rwlock, T> {
        let site = Location::caller();
        let meta = s.meta;
        hook::released(meta, 0);
        let inner = real::RwLockWriteGuard::downgrade(s.into_real());
        hook::acquired(meta, desc::<T>(), access::SHARED | access::TRY, site);
        RwLockReadGuard { meta, inner: ManuallyDrop::new(inner) }
    }

    #[inline]
    pub(super) fn new(
        meta: &'rwlock Meta,
        inner: real::RwLockWriteGuard<'rwlock, T>,
    ) -> RwLockWriteGuard<'rwlock, T> {
        RwLockWriteGuard { meta, inner: ManuallyDrop::new(inner) }
    }

    /// The guard of a lock that was just acquired, in std's result.
    #[inline(always)]
    pub(super) fn of(
        meta: &'rwlock Meta,
        inner: real::RwLockWriteGuard<'rwlock, T>,
        is_poisoned: bool,
    ) -> LockResult<Self> {
        let guard = Self::new(meta, inner);
        if is_poisoned { Err(PoisonError::new(guard)) } else { Ok(guard) }
    }

    #[cold]
    pub(super) fn poisoned(
        meta: &'rwlock Meta,
        poisoned: PoisonError<real::RwLockWriteGuard<'rwlock, T>>,
    ) -> PoisonError<Self> {
        PoisonError::new(Self::new(meta, poisoned.into_inner()))
    }

    /// std's guard, without a release in the books.
    fn into_real(self) -> real::RwLockWriteGuard<'rwlock, T> {
        let this = ManuallyDrop::new(self);
        // SAFETY:
        // - `this.inner` is valid for reads and initialised.
        // - `this` is never dropped, so the guard is not duplicated.
        ManuallyDrop::into_inner(unsafe { ptr::read(&raw const this.inner) })
    }
}

impl<T: ?Sized> Drop for RwLockReadGuard<'_, T> {
    #[inline]
    fn drop(&mut self) {
        hook::before_release();
        hook::released(self.meta, access::SHARED);
        // SAFETY: nobody uses it any more.
        hook::in_std(Order::ByHooks, || unsafe { ManuallyDrop::drop(&mut self.inner) });
        hook::after_release();
    }
}

impl<T: ?Sized> Drop for RwLockWriteGuard<'_, T> {
    #[inline]
    fn drop(&mut self) {
        hook::before_release();
        hook::released(self.meta, 0);
        // SAFETY: nobody uses it any more.
        hook::in_std(Order::ByHooks, || unsafe { ManuallyDrop::drop(&mut self.inner) });
        hook::after_release();
    }
}

impl<T: ?Sized> Deref for RwLockReadGuard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T: ?Sized> Deref for RwLockWriteGuard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T: ?Sized> DerefMut for RwLockWriteGuard<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.inner
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLockReadGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (*self.inner).fmt(f)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLockWriteGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (*self.inner).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for RwLockReadGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (*self.inner).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for RwLockWriteGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (*self.inner).fmt(f)
    }
}

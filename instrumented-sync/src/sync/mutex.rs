// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! `Mutex` and its guard.

use crate::limits::{Limit, attempt};
use crate::rt::hook::{self, Order, Site, access, primitive, wait};
use crate::rt::object::meta::{Desc, Meta};
use std::fmt;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::ptr;
use std::sync as real;
use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};

/// A mutual exclusion lock: [`std::sync::Mutex`], recorded.
///
/// Its creation site names its class in reports. Each acquisition is recorded with the caller's site, after the real
/// one; each release before the real one; a thread that has to wait is recorded before it waits.
pub struct Mutex<T: ?Sized> {
    pub(crate) meta: Meta,
    // Last, so that `Arc<Mutex<T>>` unsizes to `Arc<Mutex<dyn Trait>>`.
    inner: real::Mutex<T>,
}

/// The lock held: [`std::sync::MutexGuard`], recorded. Dropping it releases the lock.
#[must_use = "if unused the Mutex will immediately unlock"]
#[clippy::has_significant_drop]
pub struct MutexGuard<'a, T: ?Sized + 'a> {
    meta: &'a Meta,
    /// Taken out only where the guard is gone.
    inner: ManuallyDrop<real::MutexGuard<'a, T>>,
}

impl<T> Mutex<T> {
    /// A new, unlocked mutex. The caller's place becomes its creation site.
    #[inline]
    #[track_caller]
    pub const fn new(t: T) -> Mutex<T> {
        Mutex { meta: Meta::new(), inner: real::Mutex::new(t) }
    }
}

impl<T: ?Sized> Mutex<T> {
    /// What the runtime knows of this type of lock.
    pub(super) const DESC: &'static Desc = &Desc::of::<T>(primitive::MUTEX).that_poisons();

    /// Acquires the lock, blocking until it is free.
    ///
    /// Recorded: the acquisition; before blocking also the wait, which is checked for a deadlock.
    ///
    /// # Errors
    ///
    /// The lock is poisoned: a thread panicked while it held it. The error contains the guard.
    ///
    /// # Panics
    ///
    /// When this call completes a deadlock and the chosen response is to panic.
    // Not always: without optimisation the frame of an inlined function is the caller's for good, and a recursion that holds locks would
    // need twice the stack that it needs with std. Small enough that optimised code has it inlined, see the comment inside.
    #[inline]
    #[track_caller]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        let site = Location::caller();
        hook::about_to!(LOCK, Some(&self.meta), site);
        let ready = hook::ready(&self.meta, Self::DESC);
        // Nothing here is the result of a function that stands elsewhere: that would be handed over in memory, be read in wider pieces
        // than it was stored in, and so wait for the stores, longer than all else here takes.
        let (inner, is_poisoned) = match hook::in_std(Order::ByHooks, || self.inner.try_lock()) {
            Ok(inner) => (inner, false),
            Err(TryLockError::Poisoned(poisoned)) => (poisoned.into_inner(), true),
            Err(TryLockError::WouldBlock) => {
                let inner = self.lock_contended(site);
                return MutexGuard::of(&self.meta, inner, self.inner.is_poisoned());
            }
        };
        ready.acquired(&self.meta, Self::DESC, 0, site);
        MutexGuard::of(&self.meta, inner, is_poisoned)
    }

    #[cold]
    fn lock_contended(&self, site: Site) -> real::MutexGuard<'_, T> {
        let blocked = hook::blocking(&self.meta, Self::DESC, 0, wait::MUTEX, site);
        let result = self.inner.lock();
        blocked.acquired();
        result.unwrap_or_else(PoisonError::into_inner)
    }

    /// Acquires the lock if that needs no waiting.
    ///
    /// Recorded: the acquisition, as one that cannot be part of a deadlock by itself.
    ///
    /// # Errors
    ///
    /// The lock is held, or it is poisoned; in the latter case the error contains the guard.
    #[inline]
    #[track_caller]
    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        let site = Location::caller();
        hook::about_to!(TRY, Some(&self.meta), site);
        let ready = hook::ready(&self.meta, Self::DESC);
        match hook::in_std(Order::ByHooks, || self.inner.try_lock()) {
            Ok(inner) => {
                ready.acquired(&self.meta, Self::DESC, access::TRY, site);
                Ok(MutexGuard::new(&self.meta, inner))
            }
            Err(TryLockError::Poisoned(poisoned)) => {
                ready.acquired(&self.meta, Self::DESC, access::TRY, site);
                Err(MutexGuard::poisoned(&self.meta, poisoned).into())
            }
            Err(TryLockError::WouldBlock) => Err(TryLockError::WouldBlock),
        }
    }

    /// Acquires the lock by repeated attempts, published as a wait that ends by itself. See
    /// [`TimedMutex`](crate::ext::TimedMutex).
    #[cold]
    pub(crate) fn lock_within(&self, limit: Limit, site: Site) -> TryLockResult<MutexGuard<'_, T>> {
        const KIND: u32 = wait::MUTEX | wait::TIMED;
        let blocked = hook::blocking(&self.meta, Self::DESC, access::TRY, KIND, site);
        match attempt(limit, || self.inner.try_lock()) {
            Ok(inner) => {
                blocked.acquired();
                Ok(MutexGuard::new(&self.meta, inner))
            }
            Err(TryLockError::Poisoned(poisoned)) => {
                blocked.acquired();
                Err(MutexGuard::poisoned(&self.meta, poisoned).into())
            }
            Err(TryLockError::WouldBlock) => Err(TryLockError::WouldBlock),
        }
    }

    /// Whether the lock is poisoned. Nothing is recorded.
    #[inline]
    pub fn is_poisoned(&self) -> bool {
        self.inner.is_poisoned()
    }

    /// Clears the poisoned state. Nothing is recorded.
    #[inline]
    pub fn clear_poison(&self) {
        self.inner.clear_poison();
    }

    /// Consumes the lock and returns what it protects. Nothing is recorded.
    ///
    /// # Errors
    ///
    /// The lock is poisoned. The error contains the value.
    pub fn into_inner(self) -> LockResult<T>
    where
        T: Sized,
    {
        self.inner.into_inner()
    }

    /// What the lock protects, without locking: the exclusive borrow proves that nobody holds it. Nothing is recorded.
    ///
    /// # Errors
    ///
    /// The lock is poisoned. The error contains the reference.
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        self.inner.get_mut()
    }
}

impl<T> From<T> for Mutex<T> {
    /// As [`Mutex::new`].
    #[track_caller]
    fn from(t: T) -> Self {
        Mutex::new(t)
    }
}

impl<T: Default> Default for Mutex<T> {
    /// As [`Mutex::new`] of the default value.
    #[track_caller]
    fn default() -> Mutex<T> {
        Mutex::new(Default::default())
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Mutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    /// The guard of a lock that was just acquired.
    #[inline]
    pub(super) fn new(meta: &'a Meta, inner: real::MutexGuard<'a, T>) -> MutexGuard<'a, T> {
        MutexGuard { meta, inner: ManuallyDrop::new(inner) }
    }

    /// The guard of a lock that was just acquired, in std's result.
    #[inline(always)]
    fn of(meta: &'a Meta, inner: real::MutexGuard<'a, T>, is_poisoned: bool) -> LockResult<Self> {
        let guard = Self::new(meta, inner);
        if is_poisoned { Err(PoisonError::new(guard)) } else { Ok(guard) }
    }

    /// As [`Self::of`], from std's result.
    #[inline]
    pub(super) fn wrap(
        meta: &'a Meta,
        result: LockResult<real::MutexGuard<'a, T>>,
    ) -> LockResult<Self> {
        match result {
            Ok(inner) => Ok(Self::new(meta, inner)),
            Err(poisoned) => Err(Self::poisoned(meta, poisoned)),
        }
    }

    #[cold]
    fn poisoned(
        meta: &'a Meta,
        poisoned: PoisonError<real::MutexGuard<'a, T>>,
    ) -> PoisonError<Self> {
        PoisonError::new(Self::new(meta, poisoned.into_inner()))
    }

    /// The mutex's identity.
    #[inline]
    pub(super) fn meta(&self) -> &'a Meta {
        self.meta
    }

    /// std's guard, without a release in the books.
    #[inline]
    pub(super) fn into_real(self) -> real::MutexGuard<'a, T> {
        let this = ManuallyDrop::new(self);
        // SAFETY:
        // - `this.inner` is valid for reads and initialised.
        // - `this` is never dropped, so the guard is not duplicated.
        ManuallyDrop::into_inner(unsafe { ptr::read(&raw const this.inner) })
    }
}

impl<T: ?Sized> Drop for MutexGuard<'_, T> {
    #[inline]
    fn drop(&mut self) {
        hook::before_release();
        hook::released(self.meta, 0);
        // SAFETY: nobody uses it any more.
        hook::in_std(Order::ByHooks, || unsafe { ManuallyDrop::drop(&mut self.inner) });
        hook::after_release();
    }
}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.inner
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (*self.inner).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (*self.inner).fmt(f)
    }
}

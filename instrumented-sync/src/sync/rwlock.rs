// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! `RwLock`.

use super::rwlock_guard::{RwLockReadGuard, RwLockWriteGuard, desc};
use crate::limits::{Limit, attempt};
use crate::rt::hook::{self, Order, Site, access, wait};
use crate::rt::object::meta::{Desc, Meta};
use std::fmt;
use std::panic::Location;
use std::sync as real;
use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};

/// A reader-writer lock: [`std::sync::RwLock`], recorded.
///
/// Its creation site names its class in reports. Readers are recorded as shared: two of them never exclude each other,
/// but a second read by a thread that already reads can deadlock with a writer that queued up in between.
pub struct RwLock<T: ?Sized> {
    pub(crate) meta: Meta,
    // Last, so that `Arc<RwLock<T>>` unsizes to `Arc<RwLock<dyn Trait>>`.
    inner: real::RwLock<T>,
}

impl<T> RwLock<T> {
    /// A new, unlocked lock. The caller's place becomes its creation site.
    #[inline]
    #[track_caller]
    pub const fn new(t: T) -> RwLock<T> {
        RwLock { meta: Meta::new(), inner: real::RwLock::new(t) }
    }
}

impl<T: ?Sized> RwLock<T> {
    const DESC: &'static Desc = desc::<T>();

    /// Acquires shared access, blocking while a writer holds the lock, and while one waits if std prefers it.
    ///
    /// Recorded: the acquisition; before blocking also the wait, which is checked for a deadlock.
    ///
    /// # Errors
    ///
    /// The lock is poisoned: a writer panicked. The error contains the guard.
    ///
    /// # Panics
    ///
    /// As std's, and when this call completes a deadlock and the chosen response is to panic.
    // Not always: without optimisation the frame of an inlined function is the caller's for good, and a recursion that holds locks would
    // need twice the stack that it needs with std. Small enough that optimised code has it inlined, see the comment inside.
    #[inline]
    #[track_caller]
    pub fn read(&self) -> LockResult<RwLockReadGuard<'_, T>> {
        let site = Location::caller();
        hook::about_to!(LOCK, Some(&self.meta), site);
        let ready = hook::ready(&self.meta, Self::DESC);
        // Nothing here is the result of a function that stands elsewhere: that would be handed over in memory, be read in wider pieces
        // than it was stored in, and so wait for the stores, longer than all else here takes.
        let (inner, is_poisoned) = match hook::in_std(Order::ByHooks, || self.inner.try_read()) {
            Ok(inner) => (inner, false),
            Err(TryLockError::Poisoned(poisoned)) => (poisoned.into_inner(), true),
            Err(TryLockError::WouldBlock) => {
                let inner = self.read_contended(site);
                return RwLockReadGuard::of(&self.meta, inner, self.inner.is_poisoned());
            }
        };
        ready.acquired(&self.meta, Self::DESC, access::SHARED, site);
        RwLockReadGuard::of(&self.meta, inner, is_poisoned)
    }

    #[cold]
    fn read_contended(&self, site: Site) -> real::RwLockReadGuard<'_, T> {
        let blocked = hook::blocking(&self.meta, Self::DESC, access::SHARED, wait::READ, site);
        let result = self.inner.read();
        blocked.acquired();
        result.unwrap_or_else(PoisonError::into_inner)
    }

    /// Acquires shared access if that needs no waiting.
    ///
    /// Recorded: the acquisition, as one that cannot be part of a deadlock by itself.
    ///
    /// # Errors
    ///
    /// A writer holds the lock, or it is poisoned; in the latter case the error contains the guard.
    #[inline]
    #[track_caller]
    pub fn try_read(&self) -> TryLockResult<RwLockReadGuard<'_, T>> {
        const ACCESS: u8 = access::SHARED | access::TRY;
        let site = Location::caller();
        hook::about_to!(TRY, Some(&self.meta), site);
        let ready = hook::ready(&self.meta, Self::DESC);
        match hook::in_std(Order::ByHooks, || self.inner.try_read()) {
            Ok(inner) => {
                ready.acquired(&self.meta, Self::DESC, ACCESS, site);
                Ok(RwLockReadGuard::new(&self.meta, inner))
            }
            Err(TryLockError::Poisoned(poisoned)) => {
                ready.acquired(&self.meta, Self::DESC, ACCESS, site);
                Err(RwLockReadGuard::poisoned(&self.meta, poisoned).into())
            }
            Err(TryLockError::WouldBlock) => Err(TryLockError::WouldBlock),
        }
    }

    /// Acquires exclusive access, blocking while anybody holds the lock.
    ///
    /// Recorded: the acquisition; before blocking also the wait, which is checked for a deadlock.
    ///
    /// # Errors
    ///
    /// The lock is poisoned: a writer panicked. The error contains the guard.
    ///
    /// # Panics
    ///
    /// As std's, and when this call completes a deadlock and the chosen response is to panic.
    // Not always: without optimisation the frame of an inlined function is the caller's for good, and a recursion that holds locks would
    // need twice the stack that it needs with std. Small enough that optimised code has it inlined, see the comment inside.
    #[inline]
    #[track_caller]
    pub fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>> {
        let site = Location::caller();
        hook::about_to!(LOCK, Some(&self.meta), site);
        let ready = hook::ready(&self.meta, Self::DESC);
        // Nothing here is the result of a function that stands elsewhere: that would be handed over in memory, be read in wider pieces
        // than it was stored in, and so wait for the stores, longer than all else here takes.
        let (inner, is_poisoned) = match hook::in_std(Order::ByHooks, || self.inner.try_write()) {
            Ok(inner) => (inner, false),
            Err(TryLockError::Poisoned(poisoned)) => (poisoned.into_inner(), true),
            Err(TryLockError::WouldBlock) => {
                let inner = self.write_contended(site);
                return RwLockWriteGuard::of(&self.meta, inner, self.inner.is_poisoned());
            }
        };
        ready.acquired(&self.meta, Self::DESC, 0, site);
        RwLockWriteGuard::of(&self.meta, inner, is_poisoned)
    }

    #[cold]
    fn write_contended(&self, site: Site) -> real::RwLockWriteGuard<'_, T> {
        let blocked = hook::blocking(&self.meta, Self::DESC, 0, wait::WRITE, site);
        let result = self.inner.write();
        blocked.acquired();
        result.unwrap_or_else(PoisonError::into_inner)
    }

    /// Acquires exclusive access if that needs no waiting.
    ///
    /// Recorded: the acquisition, as one that cannot be part of a deadlock by itself.
    ///
    /// # Errors
    ///
    /// The lock is held, or it is poisoned; in the latter case the error contains the guard.
    #[inline]
    #[track_caller]
    pub fn try_write(&self) -> TryLockResult<RwLockWriteGuard<'_, T>> {
        let site = Location::caller();
        hook::about_to!(TRY, Some(&self.meta), site);
        let ready = hook::ready(&self.meta, Self::DESC);
        match hook::in_std(Order::ByHooks, || self.inner.try_write()) {
            Ok(inner) => {
                ready.acquired(&self.meta, Self::DESC, access::TRY, site);
                Ok(RwLockWriteGuard::new(&self.meta, inner))
            }
            Err(TryLockError::Poisoned(poisoned)) => {
                ready.acquired(&self.meta, Self::DESC, access::TRY, site);
                Err(RwLockWriteGuard::poisoned(&self.meta, poisoned).into())
            }
            Err(TryLockError::WouldBlock) => Err(TryLockError::WouldBlock),
        }
    }

    /// Acquires shared access by repeated attempts, published as a wait that ends by itself. See
    /// [`TimedRwLock`](crate::ext::TimedRwLock).
    #[cold]
    pub(crate) fn read_within(
        &self,
        limit: Limit,
        site: Site,
    ) -> TryLockResult<RwLockReadGuard<'_, T>> {
        const ACCESS: u8 = access::SHARED | access::TRY;
        const KIND: u32 = wait::READ | wait::TIMED;
        let blocked = hook::blocking(&self.meta, Self::DESC, ACCESS, KIND, site);
        match attempt(limit, || self.inner.try_read()) {
            Ok(inner) => {
                blocked.acquired();
                Ok(RwLockReadGuard::new(&self.meta, inner))
            }
            Err(TryLockError::Poisoned(poisoned)) => {
                blocked.acquired();
                Err(RwLockReadGuard::poisoned(&self.meta, poisoned).into())
            }
            Err(TryLockError::WouldBlock) => Err(TryLockError::WouldBlock),
        }
    }

    /// Acquires exclusive access by repeated attempts, published as a wait that ends by itself. See
    /// [`TimedRwLock`](crate::ext::TimedRwLock).
    #[cold]
    pub(crate) fn write_within(
        &self,
        limit: Limit,
        site: Site,
    ) -> TryLockResult<RwLockWriteGuard<'_, T>> {
        const ACCESS: u8 = access::TRY;
        const KIND: u32 = wait::WRITE | wait::TIMED;
        let blocked = hook::blocking(&self.meta, Self::DESC, ACCESS, KIND, site);
        match attempt(limit, || self.inner.try_write()) {
            Ok(inner) => {
                blocked.acquired();
                Ok(RwLockWriteGuard::new(&self.meta, inner))
            }
            Err(TryLockError::Poisoned(poisoned)) => {
                blocked.acquired();
                Err(RwLockWriteGuard::poisoned(&self.meta, poisoned).into())
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

impl<T> From<T> for RwLock<T> {
    /// As [`RwLock::new`].
    #[track_caller]
    fn from(t: T) -> Self {
        RwLock::new(t)
    }
}

impl<T: Default> Default for RwLock<T> {
    /// As [`RwLock::new`] of the default value.
    #[track_caller]
    fn default() -> RwLock<T> {
        RwLock::new(Default::default())
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

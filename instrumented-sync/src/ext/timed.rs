//! Timed acquisition of locks that have none of their own.

use crate::limits::{Limit, attempt};
use std::sync as real;
use std::sync::TryLockResult;
use std::time::{Duration, Instant};

/// Acquiring a mutex with a time limit; for std's [`Mutex`](std::sync::Mutex) and this crate's.
///
/// std offers no such wait, so the lock is attempted again and again, with pauses that are random and grow up to 2 ms. A
/// thread in such a wait is not in the lock's queue: one that blocks in `lock` is usually faster.
///
/// # Examples
///
/// ```
/// use instrumented_sync::Mutex;
/// use instrumented_sync::ext::TimedMutex;
/// use std::time::Duration;
///
/// let mutex = Mutex::new(1);
/// let guard = mutex.lock().unwrap();
/// assert!(mutex.try_lock_for(Duration::from_millis(1)).is_err());
/// drop(guard);
/// assert_eq!(*mutex.try_lock_for(Duration::from_millis(1)).unwrap(), 1);
/// ```
pub trait TimedMutex: sealed::Sealed {
    /// What holds the lock.
    type Guard<'a>
    where
        Self: 'a;

    /// Acquires the lock, blocking for at most about `timeout`. With zero there is one attempt.
    ///
    /// Recorded, for this crate's type: the acquisition, as one that cannot be part of a deadlock by itself; before
    /// blocking also the wait, as one that ends by itself.
    ///
    /// # Errors
    ///
    /// [`WouldBlock`](real::TryLockError::WouldBlock) when the lock was held all that time;
    /// [`Poisoned`](real::TryLockError::Poisoned), with the guard, when it was acquired and is poisoned.
    fn try_lock_for(&self, timeout: Duration) -> TryLockResult<Self::Guard<'_>>;

    /// As [`try_lock_for`](Self::try_lock_for), until a moment.
    ///
    /// # Errors
    ///
    /// As [`try_lock_for`](Self::try_lock_for).
    fn try_lock_until(&self, deadline: Instant) -> TryLockResult<Self::Guard<'_>>;
}

/// Acquiring a reader-writer lock with a time limit; for std's [`RwLock`](std::sync::RwLock) and this crate's.
///
/// As with [`TimedMutex`] there are attempts with random pauses. A writer that waits so is not in the lock's queue, so a steady
/// stream of readers can keep it out until its time is over.
///
/// # Examples
///
/// ```
/// use instrumented_sync::RwLock;
/// use instrumented_sync::ext::TimedRwLock;
/// use std::time::Duration;
///
/// let lock = RwLock::new(1);
/// let reader = lock.read().unwrap();
/// assert!(lock.try_read_for(Duration::from_millis(1)).is_ok());
/// assert!(lock.try_write_for(Duration::from_millis(1)).is_err());
/// drop(reader);
/// *lock.try_write_for(Duration::from_millis(1)).unwrap() += 1;
/// ```
pub trait TimedRwLock: sealed::Sealed {
    /// What holds the lock as a reader.
    type ReadGuard<'a>
    where
        Self: 'a;
    /// What holds the lock as a writer.
    type WriteGuard<'a>
    where
        Self: 'a;

    /// Acquires shared access, blocking for at most about `timeout`. With zero there is one attempt.
    ///
    /// Recorded as [`TimedMutex::try_lock_for`].
    ///
    /// # Errors
    ///
    /// [`WouldBlock`](real::TryLockError::WouldBlock) when it was not to be had in that time;
    /// [`Poisoned`](real::TryLockError::Poisoned), with the guard, when it was acquired and the lock is poisoned.
    fn try_read_for(&self, timeout: Duration) -> TryLockResult<Self::ReadGuard<'_>>;

    /// As [`try_read_for`](Self::try_read_for), until a moment.
    ///
    /// # Errors
    ///
    /// As [`try_read_for`](Self::try_read_for).
    fn try_read_until(&self, deadline: Instant) -> TryLockResult<Self::ReadGuard<'_>>;

    /// Acquires exclusive access, blocking for at most about `timeout`. With zero there is one attempt.
    ///
    /// Recorded as [`TimedMutex::try_lock_for`].
    ///
    /// # Errors
    ///
    /// As [`try_read_for`](Self::try_read_for).
    fn try_write_for(&self, timeout: Duration) -> TryLockResult<Self::WriteGuard<'_>>;

    /// As [`try_write_for`](Self::try_write_for), until a moment.
    ///
    /// # Errors
    ///
    /// As [`try_read_for`](Self::try_read_for).
    fn try_write_until(&self, deadline: Instant) -> TryLockResult<Self::WriteGuard<'_>>;
}

pub(super) mod sealed {
    /// For std's types and ours only, so that methods can be added.
    pub trait Sealed {}
}

impl<T: ?Sized> sealed::Sealed for real::Mutex<T> {}

impl<T: ?Sized> TimedMutex for real::Mutex<T> {
    type Guard<'a>
        = real::MutexGuard<'a, T>
    where
        Self: 'a;

    fn try_lock_for(&self, timeout: Duration) -> TryLockResult<Self::Guard<'_>> {
        attempt(Limit::after(timeout), || self.try_lock())
    }

    fn try_lock_until(&self, deadline: Instant) -> TryLockResult<Self::Guard<'_>> {
        attempt(Limit::At(deadline), || self.try_lock())
    }
}

impl<T: ?Sized> sealed::Sealed for real::RwLock<T> {}

impl<T: ?Sized> TimedRwLock for real::RwLock<T> {
    type ReadGuard<'a>
        = real::RwLockReadGuard<'a, T>
    where
        Self: 'a;
    type WriteGuard<'a>
        = real::RwLockWriteGuard<'a, T>
    where
        Self: 'a;

    fn try_read_for(&self, timeout: Duration) -> TryLockResult<Self::ReadGuard<'_>> {
        attempt(Limit::after(timeout), || self.try_read())
    }

    fn try_read_until(&self, deadline: Instant) -> TryLockResult<Self::ReadGuard<'_>> {
        attempt(Limit::At(deadline), || self.try_read())
    }

    fn try_write_for(&self, timeout: Duration) -> TryLockResult<Self::WriteGuard<'_>> {
        attempt(Limit::after(timeout), || self.try_write())
    }

    fn try_write_until(&self, deadline: Instant) -> TryLockResult<Self::WriteGuard<'_>> {
        attempt(Limit::At(deadline), || self.try_write())
    }
}

//! Timed acquisition of locks that have none of their own.

use super::backoff::Backoff;
use super::limit::Limit;
use std::sync as real;
use std::sync::{TryLockError, TryLockResult};
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
    /// [`WouldBlock`](TryLockError::WouldBlock) when the lock was held all that time;
    /// [`Poisoned`](TryLockError::Poisoned), with the guard, when it was acquired and is poisoned.
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
    /// [`WouldBlock`](TryLockError::WouldBlock) when it was not to be had in that time;
    /// [`Poisoned`](TryLockError::Poisoned), with the guard, when it was acquired and the lock is poisoned.
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

mod sealed {
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

/// Attempts until one gives an answer or the limit is reached.
pub(crate) fn attempt<G>(
    limit: Limit,
    mut attempt: impl FnMut() -> TryLockResult<G>,
) -> TryLockResult<G> {
    let mut backoff = Backoff::until(limit);
    loop {
        match attempt() {
            Err(TryLockError::WouldBlock) if backoff.pause() => {}
            result => return result,
        }
    }
}

#[cfg(feature = "instrument")]
mod recorded {
    //! The mirrors: the wait is published, and the attempts after it are made on the real lock and recorded as one acquisition.

    use super::{Limit, TimedMutex, TimedRwLock, sealed};
    use crate::sync::{
        Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError, TryLockResult,
    };
    use std::panic::Location;
    use std::time::{Duration, Instant};

    impl<T: ?Sized> sealed::Sealed for Mutex<T> {}

    impl<T: ?Sized> TimedMutex for Mutex<T> {
        type Guard<'a>
            = MutexGuard<'a, T>
        where
            Self: 'a;

        #[track_caller]
        fn try_lock_for(&self, timeout: Duration) -> TryLockResult<Self::Guard<'_>> {
            let limit = Limit::after(timeout);
            match self.try_lock() {
                Err(TryLockError::WouldBlock) => self.lock_within(limit, Location::caller()),
                result => result,
            }
        }

        #[track_caller]
        fn try_lock_until(&self, deadline: Instant) -> TryLockResult<Self::Guard<'_>> {
            match self.try_lock() {
                Err(TryLockError::WouldBlock) => {
                    self.lock_within(Limit::At(deadline), Location::caller())
                }
                result => result,
            }
        }
    }

    impl<T: ?Sized> sealed::Sealed for RwLock<T> {}

    impl<T: ?Sized> TimedRwLock for RwLock<T> {
        type ReadGuard<'a>
            = RwLockReadGuard<'a, T>
        where
            Self: 'a;
        type WriteGuard<'a>
            = RwLockWriteGuard<'a, T>
        where
            Self: 'a;

        #[track_caller]
        fn try_read_for(&self, timeout: Duration) -> TryLockResult<Self::ReadGuard<'_>> {
            let limit = Limit::after(timeout);
            match self.try_read() {
                Err(TryLockError::WouldBlock) => self.read_within(limit, Location::caller()),
                result => result,
            }
        }

        #[track_caller]
        fn try_read_until(&self, deadline: Instant) -> TryLockResult<Self::ReadGuard<'_>> {
            match self.try_read() {
                Err(TryLockError::WouldBlock) => {
                    self.read_within(Limit::At(deadline), Location::caller())
                }
                result => result,
            }
        }

        #[track_caller]
        fn try_write_for(&self, timeout: Duration) -> TryLockResult<Self::WriteGuard<'_>> {
            let limit = Limit::after(timeout);
            match self.try_write() {
                Err(TryLockError::WouldBlock) => self.write_within(limit, Location::caller()),
                result => result,
            }
        }

        #[track_caller]
        fn try_write_until(&self, deadline: Instant) -> TryLockResult<Self::WriteGuard<'_>> {
            match self.try_write() {
                Err(TryLockError::WouldBlock) => {
                    self.write_within(Limit::At(deadline), Location::caller())
                }
                result => result,
            }
        }
    }
}

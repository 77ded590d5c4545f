//! Timed acquisition of the mirrors: the wait is published, and the attempts after it are made on the real lock and recorded as one acquisition.

use super::timed::{TimedMutex, TimedRwLock, sealed};
use crate::limits::Limit;
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

//! `Mutex`, `FairMutex` and `ReentrantMutex`: lock_api's types around one recorded raw mutex.

use crate::original::{self, RawThreadId, lock_api};
use crate::raw::{Identity, Mode, site};
use crate::sent;
use lock_api::{GetThreadId, RawMutex as Raw, RawMutexFair, RawMutexTimed};

/// A raw mutex of the original, recorded.
pub struct Recorded<R> {
    pub(crate) identity: Identity,
    // In lock_api's wrapper, since the original's condition variable wants a guard of that.
    pub(crate) real: lock_api::Mutex<R, ()>,
}

/// See the original.
pub type RawMutex = Recorded<original::RawMutex>;
/// See the original.
pub type RawFairMutex = Recorded<original::RawFairMutex>;
/// See the original.
pub type Mutex<T> = lock_api::Mutex<RawMutex, T>;
/// See the original.
pub type MutexGuard<'a, T> = lock_api::MutexGuard<'a, RawMutex, T>;
/// See the original.
pub type MappedMutexGuard<'a, T> = lock_api::MappedMutexGuard<'a, RawMutex, T>;
/// See the original.
pub type FairMutex<T> = lock_api::Mutex<RawFairMutex, T>;
/// See the original.
pub type FairMutexGuard<'a, T> = lock_api::MutexGuard<'a, RawFairMutex, T>;
/// See the original.
pub type MappedFairMutexGuard<'a, T> = lock_api::MappedMutexGuard<'a, RawFairMutex, T>;
/// See the original. lock_api counts what the owner acquires again: only the first acquisition and the last release come here.
pub type ReentrantMutex<T> = lock_api::ReentrantMutex<RawMutex, RawThreadId, T>;
/// See the original.
pub type ReentrantMutexGuard<'a, T> = lock_api::ReentrantMutexGuard<'a, RawMutex, RawThreadId, T>;
/// See the original.
pub type MappedReentrantMutexGuard<'a, T> =
    lock_api::MappedReentrantMutexGuard<'a, RawMutex, RawThreadId, T>;

/// See the original. The caller's place becomes the creation site.
#[track_caller]
pub const fn const_mutex<T>(val: T) -> Mutex<T> {
    Mutex::const_new(Recorded::created(), val)
}

/// See the original. The caller's place becomes the creation site.
#[track_caller]
pub const fn const_fair_mutex<T>(val: T) -> FairMutex<T> {
    FairMutex::const_new(Recorded::created(), val)
}

/// See the original. The caller's place becomes the creation site.
#[track_caller]
pub const fn const_reentrant_mutex<T>(val: T) -> ReentrantMutex<T> {
    ReentrantMutex::const_new(Recorded::created(), <RawThreadId as GetThreadId>::INIT, val)
}

impl<R: Raw> Recorded<R> {
    #[track_caller]
    const fn created() -> Self {
        Self { identity: Identity::here(), real: lock_api::Mutex::const_new(R::INIT, ()) }
    }

    #[inline]
    fn raw(&self) -> &R {
        // SAFETY: what is called on it keeps the rules of raw mutexes: this type's own callers promise that they do.
        unsafe { self.real.raw() }
    }
}

// SAFETY: all methods are the real mutex's, which excludes as the trait wants; the calls beside them do not touch it.
unsafe impl<R: Raw> Raw for Recorded<R> {
    const INIT: Self =
        Self { identity: Identity::unknown(), real: lock_api::Mutex::const_new(R::INIT, ()) };

    type GuardMarker = R::GuardMarker;

    #[inline]
    #[track_caller]
    fn lock(&self) {
        let attempt = || self.raw().try_lock().then_some(());
        self.identity.acquire(sent::MUTEX, Mode::Exclusive, site(), attempt, || self.raw().lock());
    }

    #[inline]
    #[track_caller]
    fn try_lock(&self) -> bool {
        let attempt = || self.raw().try_lock().then_some(());
        self.identity.try_acquire(sent::MUTEX, Mode::Exclusive, site(), attempt).is_some()
    }

    #[inline]
    unsafe fn unlock(&self) {
        self.identity.release(Mode::Exclusive);
        // SAFETY: the caller holds the lock.
        unsafe { self.raw().unlock() }
    }

    #[inline]
    fn is_locked(&self) -> bool {
        self.raw().is_locked()
    }
}

// SAFETY: as above.
unsafe impl<R: RawMutexFair> RawMutexFair for Recorded<R> {
    #[inline]
    unsafe fn unlock_fair(&self) {
        self.identity.release(Mode::Exclusive);
        // SAFETY: the caller holds the lock.
        unsafe { self.raw().unlock_fair() }
    }

    // Given away and taken back at once: nothing that a person would call a release.
    #[inline]
    unsafe fn bump(&self) {
        // SAFETY: the caller holds the lock.
        unsafe { self.raw().bump() }
    }
}

// SAFETY: as above.
unsafe impl<R: RawMutexTimed> RawMutexTimed for Recorded<R> {
    type Duration = R::Duration;
    type Instant = R::Instant;

    #[inline]
    #[track_caller]
    fn try_lock_for(&self, timeout: Self::Duration) -> bool {
        self.within(|raw| raw.try_lock_for(timeout))
    }

    #[inline]
    #[track_caller]
    fn try_lock_until(&self, timeout: Self::Instant) -> bool {
        self.within(|raw| raw.try_lock_until(timeout))
    }
}

impl<R: Raw> Recorded<R> {
    #[inline]
    #[track_caller]
    fn within(&self, wait: impl FnOnce(&R) -> bool) -> bool {
        let attempt = || self.raw().try_lock().then_some(());
        let wait = || wait(self.raw()).then_some(());
        self.identity.acquire_within(sent::MUTEX, Mode::Exclusive, site(), attempt, wait).is_some()
    }
}

//! `Mutex`, `FairMutex` and `ReentrantMutex`: lock_api's types around one recorded raw mutex.

use crate::original::{self, RawThreadId, lock_api};
use crate::raw::{Identity, Mode, Site, site};
use crate::sent;
use lock_api::{RawMutex as Raw, RawMutexFair, RawMutexTimed};

/// A raw mutex of the original, recorded.
pub struct Recorded<R> {
    pub(crate) identity: Identity,
    pub(crate) real: R,
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

// SAFETY: all methods are the real mutex's, which excludes as the trait wants; the calls beside them do not touch it. What
// may unwind comes before the real acquisition.
unsafe impl<R: Raw> Raw for Recorded<R> {
    const INIT: Self = Self { identity: Identity::unknown(), real: R::INIT };

    type Guard = R::Guard;

    #[inline]
    #[track_caller]
    fn lock(&self) -> R::Guard {
        let real = &self.real;
        self.identity.acquire(
            sent::MUTEX,
            Mode::Exclusive,
            site(),
            || real.try_lock(),
            || real.lock(),
        )
    }

    #[inline]
    #[track_caller]
    fn try_lock(&self) -> Option<R::Guard> {
        self.identity.try_acquire(sent::MUTEX, Mode::Exclusive, site(), || self.real.try_lock())
    }

    #[inline]
    unsafe fn unlock(&self, guard: R::Guard) {
        self.identity.release(Mode::Exclusive);
        // SAFETY: the caller holds the lock, by this guard.
        unsafe { self.real.unlock(guard) }
    }

    #[inline]
    fn is_locked(&self) -> bool {
        self.real.is_locked()
    }
}

// SAFETY: as above.
unsafe impl<R: RawMutexFair> RawMutexFair for Recorded<R> {
    #[inline]
    unsafe fn unlock_fair(&self, guard: R::Guard) {
        self.identity.release(Mode::Exclusive);
        // SAFETY: the caller holds the lock, by this guard.
        unsafe { self.real.unlock_fair(guard) }
    }

    // Given away and taken back at once: nothing that a person would call a release.
    #[inline]
    unsafe fn bump(&self, guard: &mut R::Guard) {
        // SAFETY: the caller holds the lock, by this guard.
        unsafe { self.real.bump(guard) }
    }
}

// SAFETY: as above.
unsafe impl<R: RawMutexTimed> RawMutexTimed for Recorded<R> {
    type Duration = R::Duration;
    type Instant = R::Instant;

    #[inline]
    #[track_caller]
    fn try_lock_for(&self, timeout: R::Duration) -> Option<R::Guard> {
        self.within(site(), || self.real.try_lock_for(timeout))
    }

    #[inline]
    #[track_caller]
    fn try_lock_until(&self, timeout: R::Instant) -> Option<R::Guard> {
        self.within(site(), || self.real.try_lock_until(timeout))
    }
}

impl<R: Raw> Recorded<R> {
    #[inline]
    fn within(&self, site: Site, wait: impl FnOnce() -> Option<R::Guard>) -> Option<R::Guard> {
        let attempt = || self.real.try_lock();
        self.identity.acquire_within(sent::MUTEX, Mode::Exclusive, site, attempt, wait)
    }
}

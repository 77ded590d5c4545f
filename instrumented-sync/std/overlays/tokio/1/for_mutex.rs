//! The semaphore inside of a mutex.

use super::acquire::{Acquire, Wanted};
use super::sited::place;
use crate::sync::batch_semaphore as real;
use std::__syncscope::instrumented_sync::raw::{Identity, Kind, Mode};

pub(crate) use real::TryAcquireError;

/// As the real one, which it holds.
pub(crate) struct Semaphore {
    real: real::Semaphore,
    identity: Identity,
}

impl core::fmt::Debug for Semaphore {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.real.fmt(formatter)
    }
}

impl Semaphore {
    #[track_caller]
    pub(crate) fn new(permits: usize) -> Self {
        Self { real: real::Semaphore::new(permits), identity: Identity::here() }
    }

    #[track_caller]
    pub(crate) const fn const_new(permits: usize) -> Self {
        Self { real: real::Semaphore::const_new(permits), identity: Identity::here() }
    }

    #[inline]
    fn wanted(&self) -> Wanted<'_> {
        Wanted { identity: &self.identity, kind: Kind::MUTEX, mode: Mode::Exclusive, all: 0 }
    }

    #[inline]
    pub(crate) fn acquire(&self, permits: usize) -> Acquire<'_> {
        Acquire::new(self.real.acquire(permits), self.wanted())
    }

    #[inline]
    #[track_caller]
    pub(crate) fn try_acquire(&self, permits: usize) -> Result<(), TryAcquireError> {
        self.real.try_acquire(permits)?;
        self.wanted().hold(true, place(), core::ptr::null());
        Ok(())
    }

    #[inline]
    pub(crate) fn release(&self, permits: usize) {
        self.identity.release(Mode::Exclusive);
        self.real.release(permits);
    }
}

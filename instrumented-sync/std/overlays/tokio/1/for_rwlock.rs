//! The semaphore inside of a reader-writer lock: a reader has one permit, a writer all. Waiting is fair, so readers queue behind writers.

use super::acquire::{Acquire, Wanted};
use super::sited::place;
use crate::sync::batch_semaphore as real;
use std::__syncscope::instrumented_sync::raw::{Identity, Kind, Mode};

pub(crate) use real::TryAcquireError;

/// As the real one, which it holds.
pub(crate) struct Semaphore {
    real: real::Semaphore,
    identity: Identity,
    all: usize,
}

impl core::fmt::Debug for Semaphore {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.real.fmt(formatter)
    }
}

impl Semaphore {
    #[track_caller]
    pub(crate) fn new(permits: usize) -> Self {
        Self { real: real::Semaphore::new(permits), identity: Identity::here(), all: permits }
    }

    #[track_caller]
    pub(crate) const fn const_new(permits: usize) -> Self {
        Self { real: real::Semaphore::const_new(permits), identity: Identity::here(), all: permits }
    }

    #[inline]
    fn mode(&self, permits: usize) -> Mode {
        if permits == self.all { Mode::Exclusive } else { Mode::Shared }
    }

    #[inline]
    fn wanted(&self, permits: usize) -> Wanted<'_> {
        Wanted { identity: &self.identity, kind: Kind::RWLOCK, mode: self.mode(permits), all: 0 }
    }

    #[inline]
    pub(crate) fn acquire(&self, permits: usize) -> Acquire<'_> {
        Acquire::new(self.real.acquire(permits), self.wanted(permits))
    }

    #[inline]
    #[track_caller]
    pub(crate) fn try_acquire(&self, permits: usize) -> Result<(), TryAcquireError> {
        self.real.try_acquire(permits)?;
        self.wanted(permits).hold(true, place(), core::ptr::null());
        Ok(())
    }

    #[track_caller]
    pub(crate) fn release(&self, permits: usize) {
        let is_downgrade = permits > 1 && permits + 1 == self.all;
        self.identity.release(if is_downgrade { Mode::Exclusive } else { self.mode(permits) });
        if is_downgrade {
            self.wanted(1).hold(true, place(), core::ptr::null());
        }
        self.real.release(permits);
    }
}

//! The semaphore inside of a semaphore. Who has permits counts as a holder, until it gives them back; where permits come from
//! nowhere, or go there, nobody is known to hold what is waited for.

use super::acquire::{Acquire, Wanted};
use super::sited::place;
use crate::sync::batch_semaphore as real;
use std::__syncscope::instrumented_sync::raw::{Identity, Kind, Mode};

pub(crate) use real::{AcquireError, TryAcquireError};

/// As the real one, which it holds.
#[derive(Debug)]
pub(crate) struct Semaphore {
    real: real::Semaphore,
    identity: Identity,
    all: usize,
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

    #[track_caller]
    pub(crate) fn new_closed() -> Self {
        Self { real: real::Semaphore::new_closed(), identity: Identity::here(), all: 0 }
    }

    #[track_caller]
    pub(crate) const fn const_new_closed() -> Self {
        Self { real: real::Semaphore::const_new_closed(), identity: Identity::here(), all: 0 }
    }

    #[inline]
    fn wanted(&self) -> Wanted<'_> {
        let all = u32::try_from(self.all).unwrap_or(0);
        Wanted { identity: &self.identity, kind: Kind::PERMITS, mode: self.mode(), all }
    }

    /// Who has the only permit has it alone.
    #[inline]
    fn mode(&self) -> Mode {
        if self.all == 1 { Mode::Exclusive } else { Mode::Shared }
    }

    #[inline]
    pub(crate) fn acquire(&self, permits: usize) -> Acquire<'_> {
        self.counts(permits);
        Acquire::new(self.real.acquire(permits), self.wanted())
    }

    #[inline]
    #[track_caller]
    pub(crate) fn try_acquire(&self, permits: usize) -> Result<(), TryAcquireError> {
        self.counts(permits);
        self.real.try_acquire(permits)?;
        self.wanted().hold(true, place(), core::ptr::null());
        Ok(())
    }

    /// None at all looks like one.
    #[inline]
    fn counts(&self, permits: usize) {
        if permits == 0 {
            self.identity.task_may_pass_on(Kind::PERMITS);
        }
    }

    /// By who has acquired them.
    #[inline]
    pub(crate) fn give_back(&self, permits: usize) {
        self.identity.release(self.mode());
        self.counts(permits);
        self.real.release(permits);
    }

    /// By anybody.
    #[inline]
    pub(crate) fn release(&self, permits: usize) {
        self.identity.task_may_pass_on(Kind::PERMITS);
        self.real.release(permits);
    }

    #[cfg(syncscope_forgets_permits)]
    #[inline]
    pub(crate) fn forget_permits(&self, permits: usize) -> usize {
        self.identity.task_may_pass_on(Kind::PERMITS);
        self.real.forget_permits(permits)
    }

    #[inline]
    pub(crate) fn available_permits(&self) -> usize {
        self.real.available_permits()
    }

    /// Who waits goes on.
    #[inline]
    pub(crate) fn close(&self) {
        self.real.close();
    }

    #[inline]
    pub(crate) fn is_closed(&self) -> bool {
        self.real.is_closed()
    }
}

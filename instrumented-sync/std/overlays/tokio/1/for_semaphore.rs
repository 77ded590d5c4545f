//! The semaphore inside of a semaphore. Who has permits counts as a holder, until it gives them back; where permits come from
//! nowhere, or go there, nobody is known to hold what is waited for.
//!
//! Pools of other crates are built on it. What they hand out stands for a permit: they [`keep`](Semaphore::keep) that, and give it back
//! with what they handed out.

use super::acquire::{Acquire, Wanted};
use super::sited::place;
use crate::sync::batch_semaphore as real;
use core::panic::Location;
use core::sync::atomic::{AtomicIsize, AtomicUsize, Ordering};
use std::__syncscope::instrumented_sync::raw::{Identity, Kind, Mode};

pub(crate) use real::{AcquireError, TryAcquireError};

/// As the real one, which it holds.
pub(crate) struct Semaphore {
    real: real::Semaphore,
    identity: Identity,
    all: usize,
    /// How many there are now; 0 when that is not known.
    known: AtomicUsize,
    /// Permits that were forgotten, less those that were added.
    missing: AtomicIsize,
}

impl core::fmt::Debug for Semaphore {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.real.fmt(formatter)
    }
}

impl Semaphore {
    #[track_caller]
    pub(crate) fn new(permits: usize) -> Self {
        Self::around(real::Semaphore::new(permits), Identity::here(), permits)
    }

    #[track_caller]
    pub(crate) const fn const_new(permits: usize) -> Self {
        Self::around(real::Semaphore::const_new(permits), Identity::here(), permits)
    }

    #[track_caller]
    pub(crate) fn new_closed() -> Self {
        Self::around(real::Semaphore::new_closed(), Identity::here(), 0)
    }

    #[track_caller]
    pub(crate) const fn const_new_closed() -> Self {
        Self::around(real::Semaphore::const_new_closed(), Identity::here(), 0)
    }

    const fn around(real: real::Semaphore, identity: Identity, all: usize) -> Self {
        let (known, missing) = (AtomicUsize::new(all), AtomicIsize::new(0));
        Self { real, identity, all, known, missing }
    }

    #[inline]
    fn wanted(&self) -> Wanted<'_> {
        // Relaxed: a number that orders nothing.
        let all = u32::try_from(self.known.load(Ordering::Relaxed)).unwrap_or(0);
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

    /// There are so many permits from now on; 0 when that is not known.
    #[inline]
    pub(crate) fn vary(&self, permits: usize) {
        // Relaxed: as in `wanted`.
        self.known.store(permits, Ordering::Relaxed);
    }

    /// Who has acquired a permit has it until it is given back, in another form. That may go to another task.
    #[inline]
    pub(crate) fn keep(&self) {
        self.identity.task_may_pass_on(Kind::PERMITS);
    }

    /// A permit that was kept is given back to nobody.
    #[inline]
    pub(crate) fn gone(&self) {
        self.identity.release(self.mode());
        self.vary(0);
    }

    /// By anybody.
    pub(crate) fn release(&self, permits: usize) {
        self.vary(0);
        // Relaxed: an amount. The runtime looks at it under a lock of its own, after each change.
        self.missing.fetch_sub(permits as isize, Ordering::Relaxed);
        self.identity.permits_are_added(Kind::PERMITS, &self.missing);
        self.real.release(permits);
    }

    /// Who has acquired them will not give them back.
    #[track_caller]
    pub(crate) fn forget(&self, permits: usize) {
        self.vary(0);
        self.forgets(permits, true);
    }

    #[track_caller]
    fn forgets(&self, permits: usize, were_had: bool) {
        if permits != 0 {
            // Relaxed: as in `release`.
            self.missing.fetch_add(permits as isize, Ordering::Relaxed);
            let how = (were_had, Location::caller());
            let amounts = (&self.missing, self.all);
            self.identity.permits_are_forgotten(Kind::PERMITS, how, amounts);
        }
    }

    #[cfg(syncscope_forgets_permits)]
    #[track_caller]
    pub(crate) fn forget_permits(&self, permits: usize) -> usize {
        self.vary(0);
        let forgotten = self.real.forget_permits(permits);
        self.forgets(forgotten, false);
        forgotten
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

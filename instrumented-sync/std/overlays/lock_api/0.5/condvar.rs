//! A raw condition variable, recorded.

use super::{Identity, RecordedMutex, site};
use crate::{RawCondvar, RawCondvarTimed, RawMutex, RawMutexTimed};

/// A raw condition variable that tells the runtime what it does.
pub struct RecordedCondvar<C> {
    identity: Identity,
    real: C,
}

type Guard<C> = <<C as RawCondvar>::RawMutex as RawMutex>::Guard;
type Duration<C> = <<C as RawCondvar>::RawMutex as RawMutexTimed>::Duration;
type Instant<C> = <<C as RawCondvar>::RawMutex as RawMutexTimed>::Instant;

impl<C> RecordedCondvar<C> {
    /// The caller's place becomes the creation site.
    #[inline]
    #[track_caller]
    pub(crate) const fn of(real: C) -> Self {
        Self { identity: Identity::here(), real }
    }

    /// The raw one, which may be lent: what is done through it is not seen.
    #[inline]
    pub(crate) const fn real(&self) -> &C {
        &self.real
    }
}

impl<C: RawCondvar> RecordedCondvar<C> {
    #[track_caller]
    fn wait_by<R>(
        &self,
        mutex: &RecordedMutex<C::RawMutex>,
        is_timed: bool,
        wait: impl FnOnce(&C::RawMutex) -> R,
    ) -> R {
        self.identity.wait(mutex.identity(), is_timed, site(), || wait(mutex.real()))
    }

    /// # Safety
    ///
    /// As of the raw one: the caller holds the mutex, by this guard.
    #[track_caller]
    pub(crate) unsafe fn wait(&self, mutex: &RecordedMutex<C::RawMutex>, guard: &mut Guard<C>) {
        // SAFETY: the caller holds the mutex, by this guard.
        self.wait_by(mutex, false, |mutex| unsafe { self.real.wait(mutex, guard) });
    }

    #[track_caller]
    pub(crate) fn notify_one(&self) -> bool {
        self.identity.notify(false, site());
        self.real.notify_one()
    }

    #[track_caller]
    pub(crate) fn notify_all(&self) -> usize {
        self.identity.notify(true, site());
        self.real.notify_all()
    }
}

impl<C: RawCondvarTimed> RecordedCondvar<C>
where
    C::RawMutex: RawMutexTimed,
{
    /// # Safety
    ///
    /// As of the raw one: the caller holds the mutex, by this guard.
    #[track_caller]
    pub(crate) unsafe fn wait_until(
        &self,
        mutex: &RecordedMutex<C::RawMutex>,
        guard: &mut Guard<C>,
        timeout: &Instant<C>,
    ) -> bool {
        // SAFETY: the caller holds the mutex, by this guard.
        self.wait_by(mutex, true, |mutex| unsafe { self.real.wait_until(mutex, guard, timeout) })
    }

    /// # Safety
    ///
    /// As of the raw one: the caller holds the mutex, by this guard.
    #[track_caller]
    pub(crate) unsafe fn wait_for(
        &self,
        mutex: &RecordedMutex<C::RawMutex>,
        guard: &mut Guard<C>,
        timeout: &Duration<C>,
    ) -> bool {
        // SAFETY: the caller holds the mutex, by this guard.
        self.wait_by(mutex, true, |mutex| unsafe { self.real.wait_for(mutex, guard, timeout) })
    }
}

//! Who has connections, and who waits for one; and what the pool itself waits with, which is not told.

use std::__syncscope::instrumented_sync::raw::{Identity, Kind, Mode, Site, plain};
use std::ops::{Deref, DerefMut};
use std::time::Instant;

pub(crate) use std::__syncscope::instrumented_sync::raw::site;

/// The connections of a pool, of which each is one permit.
pub(crate) struct Connections(Identity);

impl Connections {
    #[track_caller]
    pub(crate) fn new() -> Self {
        Self(Identity::here())
    }

    /// The calling thread has one.
    pub(crate) fn hold(&self, site: Site) {
        self.0.hold(Kind::PERMITS, Mode::Shared, true, site);
    }

    /// It waits for one of so many, for some time.
    pub(crate) fn wait<R>(&self, all: u32, site: Site, wait: impl FnOnce() -> R) -> R {
        self.0.knows_permits(all);
        let _blocked = self.0.block(Kind::PERMITS, Mode::Shared, true, site);
        wait()
    }

    /// Right before one is given back, by whomever.
    pub(crate) fn release(&self) {
        self.0.release(Mode::Shared);
    }
}

/// A lock without poison.
pub(crate) struct Mutex<T>(plain::Mutex<T>);

/// `None` only while it waits.
pub(crate) struct MutexGuard<'a, T>(Option<plain::MutexGuard<'a, T>>);

impl<T> Mutex<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(plain::Mutex::new(value))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        MutexGuard(Some(self.0.lock().unwrap_or_else(plain::PoisonError::into_inner)))
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_ref().expect("it does not wait")
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.as_mut().expect("it does not wait")
    }
}

pub(crate) struct Condvar(plain::Condvar);

impl Condvar {
    pub(crate) fn new() -> Self {
        Self(plain::Condvar::new())
    }

    pub(crate) fn notify_one(&self) {
        self.0.notify_one();
    }

    pub(crate) fn notify_all(&self) {
        self.0.notify_all();
    }

    pub(crate) fn wait_until<T>(
        &self,
        guard: &mut MutexGuard<'_, T>,
        end: Instant,
    ) -> plain::WaitTimeoutResult {
        let given = guard.0.take().expect("it does not wait");
        let left = end.saturating_duration_since(Instant::now());
        let waited = self.0.wait_timeout(given, left);
        let (given, result) = waited.unwrap_or_else(plain::PoisonError::into_inner);
        guard.0 = Some(given);
        result
    }
}

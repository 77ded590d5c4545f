//! `Semaphore` and its guard.

use super::hook::{self, Desc, Meta, Site, Waited, primitive, wait};
use super::monitor::{Monitor, Published};
use crate::limits::Limit;
use std::fmt;
use std::panic::Location;
use std::sync::Condvar;
use std::time::{Duration, Instant};

/// A counting semaphore: a number of permits that threads take and give.
///
/// [`acquire`](Self::acquire) takes a permit and waits while there is none; [`release`](Self::release) gives one. These
/// are P and V of E. W. Dijkstra ("Cooperating sequential processes", 1965). A permit has no owner: any thread may give
/// one, also one that never took any, so a semaphore can count things as well as limit access. For the usual case, that
/// whoever takes permits gives them back, [`permit`](Self::permit) returns a guard that does.
///
/// Nothing is promised about the order in which waiting threads get their permits: a thread that has just come may be
/// faster than one that waits, and a thread that needs many may wait long behind others that need few.
///
/// What happened before a release happens before the end of the acquire that takes its permit.
///
/// # What is recorded
///
/// Each release, like a message that is sent; each acquisition, like one that is received; and the wait. A permit is no
/// lock: it is not known who must give one, so holding permits is not part of a lock order. A wait is reported as a deadlock when
/// no thread of the process can ever give a permit again.
///
/// # Examples
///
/// At most two connections at a time:
///
/// ```
/// use instrumented_sync::ext::Semaphore;
/// use instrumented_sync::thread;
///
/// static CONNECTIONS: Semaphore = Semaphore::new(2);
///
/// thread::scope(|scope| {
///     for _ in 0..8 {
///         scope.spawn(|| {
///             let _permit = CONNECTIONS.permit();
///             // … connect; the permit is given back at the end of this block.
///         });
///     }
/// });
/// assert_eq!(CONNECTIONS.available(), 2);
/// ```
pub struct Semaphore {
    pub(super) meta: Meta,
    state: Monitor<State>,
    released: Condvar,
}

/// Permits of a [`Semaphore`] that are given back when this is dropped.
///
/// It may be sent to another thread: permits have no owner.
#[must_use = "if unused the permits are given back at once"]
#[derive(Debug)]
pub struct Permit<'a> {
    semaphore: &'a Semaphore,
    count: usize,
}

#[derive(Debug)]
struct State {
    permits: usize,
    /// Threads that wait for more than one permit. While there are any, a release wakes all: woken alone, such a thread might
    /// find too few, and one that could have gone on with them would sleep.
    wide: usize,
}

impl Semaphore {
    const DESC: &'static Desc = &Desc::of::<()>(primitive::SEMAPHORE);

    /// A new semaphore with this many permits. The caller's place becomes its creation site.
    #[must_use]
    #[track_caller]
    pub const fn new(permits: usize) -> Self {
        let state = Monitor::new(State { permits, wide: 0 });
        Self { meta: Meta::new(), state, released: Condvar::new() }
    }

    /// Takes a permit, blocking while there is none. It stays taken until somebody calls [`release`](Self::release).
    ///
    /// Recorded: the acquisition; before blocking also the wait.
    #[track_caller]
    pub fn acquire(&self) {
        self.take(1, Limit::Never, Location::caller());
    }

    /// Takes `count` permits at once, blocking while there are fewer: it takes all of them or none. With 0 it returns at
    /// once.
    ///
    /// Recorded as [`acquire`](Self::acquire).
    #[track_caller]
    pub fn acquire_many(&self, count: usize) {
        self.take(count, Limit::Never, Location::caller());
    }

    /// Takes a permit if there is one, and says whether it did.
    ///
    /// Recorded: the acquisition, if there was one.
    #[must_use = "a permit may have been taken"]
    #[track_caller]
    pub fn try_acquire(&self) -> bool {
        self.try_take(1, Location::caller())
    }

    /// Takes `count` permits if there are that many, and says whether it did. Recorded as
    /// [`try_acquire`](Self::try_acquire).
    #[must_use = "permits may have been taken"]
    #[track_caller]
    pub fn try_acquire_many(&self, count: usize) -> bool {
        self.try_take(count, Location::caller())
    }

    /// Takes a permit, blocking for at most about `timeout`; `false` when there was none in time.
    ///
    /// Recorded: the acquisition; before blocking also the wait, as one that ends by itself.
    #[must_use = "a permit may have been taken"]
    #[track_caller]
    pub fn try_acquire_for(&self, timeout: Duration) -> bool {
        self.take(1, Limit::after(timeout), Location::caller())
    }

    /// As [`try_acquire_for`](Self::try_acquire_for), until a moment.
    #[must_use = "a permit may have been taken"]
    #[track_caller]
    pub fn try_acquire_until(&self, deadline: Instant) -> bool {
        self.take(1, Limit::At(deadline), Location::caller())
    }

    /// Takes `count` permits at once, blocking for at most about `timeout`; `false` when there were too few in time, and
    /// then none is taken. Recorded as [`try_acquire_for`](Self::try_acquire_for).
    #[must_use = "permits may have been taken"]
    #[track_caller]
    pub fn try_acquire_many_for(&self, count: usize, timeout: Duration) -> bool {
        self.take(count, Limit::after(timeout), Location::caller())
    }

    /// Gives a permit. Never blocks. The caller need not have taken one.
    ///
    /// Recorded: the release.
    ///
    /// # Panics
    ///
    /// The number of permits would exceed `usize::MAX`.
    #[track_caller]
    pub fn release(&self) {
        self.give(1, Location::caller());
    }

    /// Gives `count` permits at once. Recorded as [`release`](Self::release).
    ///
    /// # Panics
    ///
    /// The number of permits would exceed `usize::MAX`.
    #[track_caller]
    pub fn release_many(&self, count: usize) {
        self.give(count, Location::caller());
    }

    /// As [`acquire`](Self::acquire); the permit is given back when the guard is dropped.
    #[track_caller]
    pub fn permit(&self) -> Permit<'_> {
        self.take(1, Limit::Never, Location::caller());
        Permit { semaphore: self, count: 1 }
    }

    /// As [`acquire_many`](Self::acquire_many); the permits are given back when the guard is dropped.
    #[track_caller]
    pub fn permits(&self, count: usize) -> Permit<'_> {
        self.take(count, Limit::Never, Location::caller());
        Permit { semaphore: self, count }
    }

    /// As [`try_acquire`](Self::try_acquire); the permit is given back when the guard is dropped.
    #[track_caller]
    pub fn try_permit(&self) -> Option<Permit<'_>> {
        self.try_take(1, Location::caller()).then(|| Permit { semaphore: self, count: 1 })
    }

    /// As [`try_acquire_for`](Self::try_acquire_for); the permit is given back when the guard is dropped.
    #[track_caller]
    pub fn try_permit_for(&self, timeout: Duration) -> Option<Permit<'_>> {
        let taken = self.take(1, Limit::after(timeout), Location::caller());
        taken.then(|| Permit { semaphore: self, count: 1 })
    }

    /// The permits that nobody has now. Another thread may change it at once. Nothing is recorded.
    #[must_use]
    pub fn available(&self) -> usize {
        self.state.enter().permits
    }

    fn try_take(&self, count: usize, site: Site) -> bool {
        let taken = take(&mut self.state.enter(), count).is_some();
        if taken {
            self.taken(count, site);
        }
        taken
    }

    fn take(&self, count: usize, limit: Limit, site: Site) -> bool {
        if self.try_take(count, site) {
            return true;
        }
        let _wide = (count > 1).then(|| Wide::new(self));
        let object = Waited::Object(&self.meta, Self::DESC);
        let published = Published { kind: wait::SEMAPHORE, object, site };
        let taken = self.state.wait(&self.released, limit, published, |state| take(state, count));
        if taken.is_some() {
            self.taken(count, site);
        }
        taken.is_some()
    }

    fn taken(&self, count: usize, site: Site) {
        if count > 0 {
            hook::taken(&self.meta, Self::DESC, site);
        }
    }

    fn give(&self, count: usize, site: Site) {
        if count == 0 {
            return;
        }
        // Before the permits are there: who takes one does so later in the records as well.
        hook::sent(&self.meta, Self::DESC, site);
        let mut state = self.state.enter();
        let Some(permits) = state.permits.checked_add(count) else {
            drop(state);
            panic!("a semaphore has more permits than it can count");
        };
        state.permits = permits;
        let wake_all = state.wide > 0;
        drop(state);
        match count {
            1 if !wake_all => self.released.notify_one(),
            _ => self.released.notify_all(),
        }
    }
}

fn take(state: &mut State, count: usize) -> Option<()> {
    state.permits = state.permits.checked_sub(count)?;
    Some(())
}

/// A thread that waits for several permits.
struct Wide<'a>(&'a Semaphore);

impl<'a> Wide<'a> {
    fn new(semaphore: &'a Semaphore) -> Self {
        semaphore.state.enter().wide += 1;
        Self(semaphore)
    }
}

impl Drop for Wide<'_> {
    fn drop(&mut self) {
        self.0.state.enter().wide -= 1;
    }
}

impl Permit<'_> {
    /// How many permits these are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Leaves the permits taken: nobody gives them back but by [`Semaphore::release`].
    pub fn forget(self) {
        std::mem::forget(self);
    }
}

impl Drop for Permit<'_> {
    #[track_caller]
    fn drop(&mut self) {
        self.semaphore.give(self.count, Location::caller());
    }
}

impl fmt::Debug for Semaphore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Semaphore").field("available", &self.available()).finish_non_exhaustive()
    }
}

//! `Lock` and its guard.

use super::gate::Gate;
use super::hook::{self, Desc, Meta, Site, Waited, primitive, wait};
use super::monitor::Published;
use crate::limits::Limit;
use std::fmt;
use std::panic::Location;
use std::time::{Duration, Instant};

/// A lock without an owner and without data: acquired here, it may be released by any other thread.
///
/// This is the binary semaphore of E. W. Dijkstra ("Cooperating sequential processes", 1965), and what Python calls
/// `threading.Lock`. Where the thread that acquires is also the one that releases, prefer [`Mutex`](crate::Mutex): its
/// misuse does not compile, and its order is checked. A thread that acquires a `Lock` that it acquired before waits until
/// some other thread releases it.
///
/// What happened before a release happens before the end of the acquisition that follows it.
///
/// # What is recorded
///
/// Each release, like a message that is sent; each acquisition, like one that is received; and the wait. Since any thread may
/// release, nobody is known to stand in the way, so this lock is not part of a lock order. A wait is reported as a
/// deadlock when no thread of the process can ever release the lock.
///
/// # Examples
///
/// ```
/// use instrumented_sync::ext::Lock;
/// use instrumented_sync::thread;
///
/// static BUSY: Lock = Lock::new();
///
/// BUSY.acquire();
/// let worker = thread::spawn(|| BUSY.release());
/// BUSY.acquire(); // until the worker has released it
/// worker.join().unwrap();
/// BUSY.release();
/// ```
pub struct Lock {
    pub(super) meta: Meta,
    gate: Gate,
}

/// A [`Lock`] that is released when this is dropped.
#[must_use = "if unused the lock is released at once"]
#[derive(Debug)]
pub struct LockGuard<'a> {
    lock: &'a Lock,
}

impl Lock {
    const DESC: &'static Desc = &Desc::of::<()>(primitive::LOCK);

    /// A new lock that is not acquired. The caller's place becomes its creation site.
    #[must_use]
    #[track_caller]
    pub const fn new() -> Self {
        Self { meta: Meta::new(), gate: Gate::new() }
    }

    /// Acquires the lock, blocking while it is acquired. It stays so until some thread calls [`release`](Self::release).
    ///
    /// Recorded: the acquisition; before blocking also the wait.
    #[track_caller]
    pub fn acquire(&self) {
        self.pass(Limit::Never, Location::caller());
    }

    /// Acquires the lock if that needs no waiting, and says whether it did. Recorded when it did.
    #[must_use = "the lock may have been acquired"]
    #[track_caller]
    pub fn try_acquire(&self) -> bool {
        let passed = self.gate.try_pass();
        if passed {
            hook::taken(&self.meta, Self::DESC, Location::caller());
        }
        passed
    }

    /// Acquires the lock, blocking for at most about `timeout`; `false` when it was not to be had in time.
    ///
    /// Recorded: the acquisition; before blocking also the wait, as one that ends by itself.
    #[must_use = "the lock may have been acquired"]
    #[track_caller]
    pub fn try_acquire_for(&self, timeout: Duration) -> bool {
        self.pass(Limit::after(timeout), Location::caller())
    }

    /// As [`try_acquire_for`](Self::try_acquire_for), until a moment.
    #[must_use = "the lock may have been acquired"]
    #[track_caller]
    pub fn try_acquire_until(&self, deadline: Instant) -> bool {
        self.pass(Limit::At(deadline), Location::caller())
    }

    /// As [`acquire`](Self::acquire); the lock is released when the guard is dropped.
    #[track_caller]
    pub fn guard(&self) -> LockGuard<'_> {
        self.pass(Limit::Never, Location::caller());
        LockGuard { lock: self }
    }

    /// Releases the lock; any thread may. Never blocks.
    ///
    /// Recorded: the release.
    ///
    /// # Panics
    ///
    /// The lock is not acquired.
    #[track_caller]
    pub fn release(&self) {
        assert!(self.open(Location::caller()), "a lock was released that was not acquired");
    }

    /// Whether the lock is acquired now. Another thread may change it at once. Nothing is recorded.
    #[must_use]
    pub fn is_acquired(&self) -> bool {
        self.gate.is_closed()
    }

    fn pass(&self, limit: Limit, site: Site) -> bool {
        let object = Waited::Object(&self.meta, Self::DESC);
        let passed = self.gate.pass_published(limit, Published { kind: wait::LOCK, object, site });
        if passed {
            hook::taken(&self.meta, Self::DESC, site);
        }
        passed
    }

    fn open(&self, site: Site) -> bool {
        // Before the lock is free: who acquires it next does so later in the records as well.
        hook::sent(&self.meta, Self::DESC, site);
        self.gate.open()
    }
}

impl Drop for LockGuard<'_> {
    /// Releases the lock; does nothing when it was released through the lock itself meanwhile.
    #[track_caller]
    fn drop(&mut self) {
        self.lock.open(Location::caller());
    }
}

impl Default for Lock {
    /// As [`Lock::new`].
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lock").field("acquired", &self.is_acquired()).finish_non_exhaustive()
    }
}

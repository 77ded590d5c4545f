//! The state of a reader-writer lock, and who it is.
//!
//! An upgradeable reader is recorded as a reader that has, beside its shared access, a right that one thread at a time may have. Right
//! and lock have identities of their own. New readers wait for the right, too, so once there was an upgradeable reader each of them is
//! recorded as having it for a moment. Writers that wait do not stand in the way of readers.

use super::{Blocked, Identity, Kind, Mode, Site, Spinning, site};
use core::ops::Deref;
use core::sync::atomic::{AtomicBool, Ordering};

/// The atomic variable of a reader-writer lock, with what tells the runtime.
pub struct RecordedRwLock<A> {
    identity: Identity,
    right: Identity,
    /// Whether the right was ever taken.
    has_right: AtomicBool,
    real: A,
}

/// Takes the shared access back into the books, where an upgrade unwinds.
struct Again<'a>(&'a Identity, Site);

impl Drop for Again<'_> {
    fn drop(&mut self) {
        self.0.hold(Kind::RWLOCK, Mode::Shared, true, self.1);
    }
}

impl<A> Deref for RecordedRwLock<A> {
    type Target = A;

    #[inline]
    fn deref(&self) -> &A {
        &self.real
    }
}

impl<A> RecordedRwLock<A> {
    /// The caller's place becomes the creation site.
    #[inline]
    #[track_caller]
    pub(crate) const fn of(real: A) -> Self {
        Self {
            identity: Identity::at(site()),
            right: Identity::at(site()),
            has_right: AtomicBool::new(false),
            real,
        }
    }

    /// Relaxed: who misses the first upgradeable reader is recorded as before it.
    #[inline]
    fn has_right(&self) -> bool {
        self.has_right.load(Ordering::Relaxed)
    }

    /// Waits for the right, if somebody has it, else for the lock.
    fn block(&self, right: Mode, lock: Mode, site: Site) -> Blocked<'_> {
        if self.right.is_owned() {
            self.right.block(Kind::UPGRADE, right, false, site)
        } else {
            self.identity.block(Kind::RWLOCK, lock, false, site)
        }
    }

    /// Acquires shared access by `lock`, which spins.
    #[inline]
    pub(crate) fn read<G>(&self, site: Site, lock: impl FnOnce(&mut Spinning<'_>) -> G) -> G {
        self.identity.ready(Kind::RWLOCK);
        let block = || self.block(Mode::Recursive, Mode::Recursive, site);
        let mut spinning = Spinning::new(&block);
        let guard = lock(&mut spinning);
        drop(spinning.end());
        self.hold_read(false, site);
        guard
    }

    /// Acquires shared access by `attempt`, if that succeeds.
    #[inline]
    pub(crate) fn try_read<G>(&self, site: Site, attempt: impl FnOnce() -> Option<G>) -> Option<G> {
        self.identity.ready(Kind::RWLOCK);
        let guard = attempt()?;
        self.hold_read(true, site);
        Some(guard)
    }

    /// Shared access was acquired; with `is_bounded` not by waiting.
    #[inline]
    pub(crate) fn hold_read(&self, is_bounded: bool, site: Site) {
        if !is_bounded && self.has_right() {
            self.right.hold(Kind::UPGRADE, Mode::Recursive, false, site);
            self.right.release(Mode::Shared);
        }
        self.identity.hold(Kind::RWLOCK, Mode::Recursive, is_bounded, site);
    }

    /// Acquires exclusive access by `lock`, which spins.
    #[inline]
    pub(crate) fn write<G>(&self, site: Site, lock: impl FnOnce(&mut Spinning<'_>) -> G) -> G {
        self.identity.ready(Kind::RWLOCK);
        let block = || self.identity.block(Kind::RWLOCK, Mode::Exclusive, false, site);
        let mut spinning = Spinning::new(&block);
        let guard = lock(&mut spinning);
        match spinning.end() {
            Some(blocked) => blocked.acquired(),
            None => self.identity.hold(Kind::RWLOCK, Mode::Exclusive, false, site),
        }
        guard
    }

    /// Acquires exclusive access by `attempt`, if that succeeds.
    #[inline]
    pub(crate) fn try_write<G>(
        &self,
        site: Site,
        attempt: impl FnOnce() -> Option<G>,
    ) -> Option<G> {
        self.identity.try_acquire(Kind::RWLOCK, Mode::Exclusive, site, attempt)
    }

    /// Acquires right and shared access by `lock`, which spins.
    pub(crate) fn upgradeable<G>(
        &self,
        site: Site,
        lock: impl FnOnce(&mut Spinning<'_>) -> G,
    ) -> G {
        self.ready_right();
        let block = || self.block(Mode::Exclusive, Mode::Recursive, site);
        let mut spinning = Spinning::new(&block);
        let guard = lock(&mut spinning);
        drop(spinning.end());
        self.hold_right(false, site);
        guard
    }

    /// Acquires right and shared access by `attempt`, if that succeeds.
    pub(crate) fn try_upgradeable<G>(
        &self,
        site: Site,
        attempt: impl FnOnce() -> Option<G>,
    ) -> Option<G> {
        self.ready_right();
        let guard = attempt()?;
        self.hold_right(true, site);
        Some(guard)
    }

    fn ready_right(&self) {
        // Relaxed: as in `has_right`.
        self.has_right.store(true, Ordering::Relaxed);
        self.right.ready(Kind::UPGRADE);
        self.identity.ready(Kind::RWLOCK);
    }

    /// Right and shared access were acquired. In the books the right always comes first.
    pub(crate) fn hold_right(&self, is_bounded: bool, site: Site) {
        // Relaxed: as in `has_right`.
        self.has_right.store(true, Ordering::Relaxed);
        self.right.hold(Kind::UPGRADE, Mode::Exclusive, is_bounded, site);
        self.identity.hold(Kind::RWLOCK, Mode::Recursive, is_bounded, site);
    }

    /// Turns right and shared access into exclusive access by `lock`, which spins. While it waits the right is still held, since others
    /// wait for it; the shared access is not: nobody waits for his own.
    pub(crate) fn upgrade<G>(&self, site: Site, lock: impl FnOnce(&mut Spinning<'_>) -> G) -> G {
        let block = || {
            self.identity.release(Mode::Shared);
            let again = Again(&self.identity, site);
            let blocked = self.identity.block(Kind::RWLOCK, Mode::Exclusive, false, site);
            core::mem::forget(again);
            blocked
        };
        let mut spinning = Spinning::new(&block);
        let guard = lock(&mut spinning);
        match spinning.end() {
            Some(blocked) => {
                blocked.acquired();
                self.right.release(Mode::Exclusive);
            }
            None => self.upgraded(false, site),
        }
        guard
    }

    /// Right and shared access have become exclusive access.
    pub(crate) fn upgraded(&self, is_bounded: bool, site: Site) {
        self.identity.release(Mode::Shared);
        self.identity.hold(Kind::RWLOCK, Mode::Exclusive, is_bounded, site);
        self.right.release(Mode::Exclusive);
    }

    /// Right before shared access is let go, by whomever.
    #[inline]
    pub(crate) fn release_read(&self) {
        self.identity.release(Mode::Shared);
    }

    /// Right before exclusive access is let go, by whomever.
    #[inline]
    pub(crate) fn release_write(&self) {
        self.identity.release(Mode::Exclusive);
    }

    /// Right before right and shared access are let go.
    pub(crate) fn release_right(&self) {
        self.identity.release(Mode::Shared);
        self.right.release(Mode::Exclusive);
    }

    /// The guard is given up: the thread does not count as a holder.
    #[cold]
    pub(crate) fn leak(&self) {
        self.identity.forget();
        self.right.forget();
    }
}

//! Upgradable readers.
//!
//! One is recorded as a reader that has, beside its shared access, a right that one reader at a time may have. Right and lock have
//! identities of their own. What tasks acquire is not told, and neither is what was told once it is awaited.

use super::shadow::__syncscope::instrumented_sync::raw::{Kind, Mode, Site};
use super::{Held, Told};
use core::sync::atomic::Ordering;

const RIGHT: &Kind = Kind::SENT_UPGRADE;
const LOCK: &Kind = Kind::SENT_RWLOCK;

/// The right, until the wait for the other readers is over.
struct Upgrading<'a>(&'a Held);

impl Drop for Upgrading<'_> {
    fn drop(&mut self) {
        self.0.identity.release(Mode::Exclusive);
    }
}

impl Held {
    /// Acquires right and shared access by `attempt`, else by `block`. Who has no right to wait for waits for the end of a writer.
    pub(crate) fn upgradable<G>(
        &self,
        right: &Self,
        site: Site,
        attempt: impl FnOnce() -> Option<G>,
        block: impl FnOnce() -> G,
    ) -> G {
        right.identity.ready(RIGHT);
        self.identity.ready(LOCK);
        let guard = attempt().unwrap_or_else(|| {
            let _blocked = if right.identity.is_owned() {
                right.identity.block(RIGHT, Mode::Exclusive, false, site)
            } else {
                self.identity.block(LOCK, Mode::Shared, false, site)
            };
            let _told = Told::begin();
            block()
        });
        self.hold_right(right, false, site);
        guard
    }

    /// In the books the right always comes first.
    fn hold_right(&self, right: &Self, is_bounded: bool, site: Site) {
        right.identity.hold(RIGHT, Mode::Exclusive, is_bounded, site);
        right.note(Mode::Exclusive);
        self.identity.hold(LOCK, Mode::Shared, is_bounded, site);
        self.note(Mode::Shared);
    }

    /// Right before right and shared access are let go, or become what is not told.
    pub(crate) fn right_unlock(&self, right: &Self) {
        // Relaxed: the lock itself orders it.
        if right.is_told.swap(false, Ordering::Relaxed) {
            self.read_unlock();
            right.identity.release(Mode::Exclusive);
        }
    }

    /// Right and shared access have become exclusive access, without a wait.
    pub(crate) fn upgraded(&self, right: &Self, site: Site) {
        // Relaxed: the lock itself orders it.
        if right.is_told.swap(false, Ordering::Relaxed) {
            self.read_unlock();
            self.identity.hold(LOCK, Mode::Exclusive, true, site);
            self.note(Mode::Exclusive);
            right.identity.release(Mode::Exclusive);
        }
    }

    /// Right and shared access become exclusive access by `wait`. Meanwhile the right is still held, since others wait for it; the
    /// shared access is not: nobody waits for his own.
    pub(crate) fn upgrade<G>(&self, right: &Self, site: Site, wait: impl FnOnce() -> G) -> G {
        // Relaxed: the lock itself orders it.
        if !right.is_told.swap(false, Ordering::Relaxed) {
            return wait();
        }
        let _upgrading = Upgrading(right);
        self.read_unlock();
        let blocked = self.identity.block(LOCK, Mode::Exclusive, false, site);
        let guard = {
            let _told = Told::begin();
            wait()
        };
        blocked.acquired();
        self.note(Mode::Exclusive);
        guard
    }

    /// Right before exclusive access becomes right and shared access.
    pub(crate) fn downgraded(&self, right: &Self, site: Site) {
        // Relaxed: the lock itself orders it.
        if self.is_told.swap(false, Ordering::Relaxed) {
            self.identity.release(Mode::Exclusive);
            self.hold_right(right, true, site);
        }
    }
}

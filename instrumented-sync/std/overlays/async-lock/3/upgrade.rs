//! Upgradable readers.
//!
//! One is recorded as a reader that has, beside its shared access, a right that one reader at a time may have. Right and lock have
//! identities of their own. Here is what threads do, and what does not wait; what tasks await is with the other futures.

use super::shadow::__syncscope::instrumented_sync::raw::{Kind, Mode, Site};
use super::{Held, Holder, Told};
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
        self.hold_right(right, false, site, Holder::Thread);
        guard
    }

    /// In the books the right always comes first.
    fn hold_right(&self, right: &Self, is_bounded: bool, site: Site, holder: Holder) {
        right.hold(RIGHT, Mode::Exclusive, is_bounded, site, holder);
        self.hold(LOCK, Mode::Shared, is_bounded, site, holder);
    }

    fn hold(&self, kind: &'static Kind, mode: Mode, is_bounded: bool, site: Site, holder: Holder) {
        match holder {
            Holder::Thread => self.identity.hold(kind, mode, is_bounded, site),
            Holder::Task => {
                self.identity.task_holds(kind, mode, is_bounded, (site, core::ptr::null()))
            }
        }
        self.note(mode, holder);
    }

    /// Right before right and shared access are let go.
    pub(crate) fn right_unlock(&self, right: &Self) {
        if right.take_holder().is_some() {
            self.read_unlock();
            right.identity.release(Mode::Exclusive);
        }
    }

    /// Right before shared access is let go, to await exclusive access. The right is kept until then.
    pub(crate) fn awaits_upgrade(&self, right: &Self) {
        // Relaxed: the lock itself orders it.
        if right.told.load(Ordering::Relaxed) != 0 {
            self.read_unlock();
        }
    }

    /// Right and shared access have become exclusive access, without a wait.
    pub(crate) fn upgraded(&self, right: &Self, site: Site) {
        if let Some(holder) = right.take_holder() {
            self.read_unlock();
            self.hold(LOCK, Mode::Exclusive, true, site, holder);
            right.identity.release(Mode::Exclusive);
        }
    }

    /// Right and shared access become exclusive access by `wait`. Meanwhile the right is still held, since others wait for it; the
    /// shared access is not: nobody waits for his own.
    pub(crate) fn upgrade<G>(&self, right: &Self, site: Site, wait: impl FnOnce() -> G) -> G {
        let Some(holder) = right.take_holder() else { return wait() };
        let _upgrading = Upgrading(right);
        self.read_unlock();
        if holder == Holder::Task {
            // A task that blocks its thread for it: what it has then is not told.
            return wait();
        }
        let blocked = self.identity.block(LOCK, Mode::Exclusive, false, site);
        let guard = {
            let _told = Told::begin();
            wait()
        };
        blocked.acquired();
        self.note(Mode::Exclusive, Holder::Thread);
        guard
    }

    /// Right before exclusive access becomes right and shared access.
    pub(crate) fn downgraded(&self, right: &Self, site: Site) {
        if let Some(holder) = self.take_holder() {
            self.identity.release(Mode::Exclusive);
            self.hold_right(right, true, site, holder);
        }
    }
}

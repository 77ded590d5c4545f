//! Raw locks that tell the runtime what they do.

extern crate std as shadow;

mod condvar;
mod mutex;
mod rwlock;
mod upgrade;

pub use condvar::RecordedCondvar;
pub use mutex::RecordedMutex;
pub use rwlock::RecordedRwLock;
pub(crate) use shadow::__syncscope::instrumented_sync::raw::{Identity, Kind, Mode};
pub use shadow::__syncscope::instrumented_sync::raw::{Site, site};

/// Puts a lock back into the books, where giving it away for a moment unwinds: then it is held still.
pub(crate) struct Again<'a> {
    pub(crate) identity: &'a Identity,
    pub(crate) kind: &'static Kind,
    pub(crate) mode: Mode,
    pub(crate) site: Site,
}

impl Again<'_> {
    /// Given away to whoever waits, and taken back by `wait`: that is a wait like others.
    pub(crate) fn bump(self, wait: impl FnOnce()) {
        self.identity.release(self.mode);
        let blocked = self.identity.block(self.kind, self.mode, false, self.site);
        wait();
        core::mem::forget(self);
        blocked.acquired();
    }
}

impl Drop for Again<'_> {
    fn drop(&mut self) {
        self.identity.hold(self.kind, self.mode, true, self.site);
    }
}

// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! What a thread is told of beside the common way: the acquisition that is [looked at](super::sampler) next, and releases.

use super::local::Local;
use super::sampler::FAR;
use syncscope_recording::layout::slot;

impl Local {
    /// The ring has room until the acquisition that is looked at next; `uncounted` are under way that take no room.
    #[cold]
    pub(crate) fn set_stop(&self, uncounted: u64) {
        let acquisitions = self.acquisitions();
        let mut ahead = self.sampler.next.get().saturating_sub(acquisitions);
        if ahead > FAR * 64 {
            // Somebody has written to the count.
            self.sampler.next.set(acquisitions + 1);
            ahead = 1;
        }
        self.ring.stop_after(ahead.saturating_sub(1 + uncounted));
    }

    /// Each release is told, as long as a lock is measured.
    #[cold]
    pub(crate) fn tell_releases(&self) {
        if self.state() & slot::STATE_TRACKING == 0 {
            self.sampler.tells.set(true);
            self.set_state(self.state() | slot::STATE_TRACKING);
        }
    }

    /// Ends [`Self::tell_releases`], if no lock is measured any more and nobody else wants it.
    #[cold]
    pub(crate) fn tell_no_releases(&self) {
        if !self.sampler.is_open() && self.sampler.tells.replace(false) {
            self.set_state(self.state() & !slot::STATE_TRACKING);
        }
    }

    /// Each release is told from now on.
    #[cold]
    pub(crate) fn tell_all_releases(&self) {
        self.sampler.tells.set(false);
        self.set_state(self.state() | slot::STATE_TRACKING);
    }
}

//! Threads that block while they poll a task which is not on the board: who waits for the end of that finds them by this.

use crate::rt::thread::local::Local;
use crate::rt::thread::task;

impl Local {
    /// The thread is about to block.
    pub(super) fn names_polled(&self) {
        if let Some(key) = task::polled_without_state() {
            self.runtime.calls.blocks(key, self.number);
            self.blocks_in_poll.set(Some(key));
        }
    }

    /// It goes on.
    pub(super) fn names_polled_no_more(&self) {
        if let Some(key) = self.blocks_in_poll.take() {
            self.runtime.calls.blocks_no_more(key);
        }
    }
}

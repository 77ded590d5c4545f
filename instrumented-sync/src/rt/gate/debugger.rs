//! Waits for a debugger, before a step that the schedule names.

use super::calls::real;
use super::state::Gate;
use crate::rt::machine::os;
use syncscope_recording::schedule::layout::{header, state};

/// Nanoseconds between two looks.
const PAUSE: i64 = 50_000_000;

impl Gate {
    /// The step is about to be made: whoever has started the program is told, and a debugger waited for. All threads wait meanwhile.
    #[cold]
    pub(super) fn wait_for_debugger(&self) {
        // SAFETY: it lets any process of the user's attach, as far as one may ask for that; nothing of the program changes.
        unsafe { libc::prctl(libc::PR_SET_PTRACER, libc::PR_SET_PTRACER_ANY, 0, 0, 0) };
        self.shared.write(header::STATE, state::PAUSED);
        while !os::is_traced() {
            real::pause(PAUSE);
        }
        self.shared.write(header::STATE, state::RUNS);
    }
}

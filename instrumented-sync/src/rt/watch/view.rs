//! What each thread of the process does, as far as two looks tell.

use crate::rt::shared::board::WaitEntry;

/// What a thread does, as far as two looks tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doing {
    /// It has been in one wait on record that does not end by itself.
    Waits,
    /// It sleeps in a futex that is not on record, and has not run.
    Sleeps,
    /// It is in another system call, such as a read, and has not run. Something outside the process may wake it.
    InKernel,
    /// It waits in the kernel for the next connection or event.
    Accepts,
    /// It is a task that has long been asleep, and awaits what anyone may give it.
    Awaits,
    /// It wakes after a time, again and again.
    GoesRound,
    /// It runs, or is about to; or nothing is known.
    Moves,
}

/// A thread of the process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    /// 0 for a thread that is not recorded.
    pub(crate) thread: u32,
    pub(crate) wait: Option<WaitEntry>,
    pub(crate) doing: Doing,
}

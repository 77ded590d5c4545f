//! Panics over a deadlock of which nobody has taken notice yet.

use std::sync::Mutex;
use std::time::Duration;
use syncscope_recording::writer::bounded_lock;

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct UnheardPanics(pub(crate) Mutex<Vec<Panicked>>);

/// A thread that panicked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Panicked {
    thread: u32,
    pub(crate) root: u32,
    pub(crate) lasted: Duration,
}

impl UnheardPanics {
    /// The thread panics over a deadlock. `root` is the thread that it comes from, and not itself.
    pub(crate) fn begin(&self, thread: u32, root: u32) {
        if let Some(mut panicked) = bounded_lock(&self.0) {
            panicked.push(Panicked { thread, root, lasted: Duration::ZERO });
        }
    }

    /// The thread was joined: its panic was handed over. It has arrived if the thread of the test has it now; another thread may
    /// itself be one that nobody joins.
    pub(crate) fn joined(&self, thread: u32, by: u32) {
        if let Some(mut panicked) = bounded_lock(&self.0) {
            panicked.iter_mut().filter(|one| one.thread == thread).for_each(|one| one.thread = by);
            panicked.retain(|one| one.thread != one.root);
        }
    }
}

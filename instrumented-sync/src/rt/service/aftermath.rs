//! After a panic over a deadlock: does it reach anybody?
//!
//! A thread that panics frees what it holds, and its test fails when the panic gets there: by a join, or because the thread is
//! the test's own. But a test may wait for what the panicked thread was to do without ever joining it, by looking again
//! and again; no state of the locks tells that from work. So where a stall ends the process, a test that still runs so
//! long after such a panic ends it, too. Other tests are not touched: who asks is the thread that all the others of
//! the test come from.

use super::super::runtime::Runtime;
use super::super::settings::OnStall;
use std::sync::Mutex;
use std::time::Duration;
use syncscope_recording::writer::patient;

/// Panics that nobody has taken notice of yet.
#[derive(Debug, Default)]
pub(super) struct Aftermath(Mutex<Vec<Panicked>>);

#[derive(Clone, Copy, Debug)]
struct Panicked {
    thread: u32,
    root: u32,
    lasted: Duration,
}

impl Aftermath {
    /// The thread panics over a deadlock. `root` is the thread that it comes from, and not itself.
    pub(super) fn begin(&self, thread: u32, root: u32) {
        if let Some(mut panicked) = patient(&self.0) {
            panicked.push(Panicked { thread, root, lasted: Duration::ZERO });
        }
    }

    /// The thread was joined: its panic was handed over. It has arrived if the thread of the test has it now; another thread may
    /// itself be one that nobody joins.
    pub(super) fn joined(&self, thread: u32, by: u32) {
        if let Some(mut panicked) = patient(&self.0) {
            panicked.iter_mut().filter(|one| one.thread == thread).for_each(|one| one.thread = by);
            panicked.retain(|one| one.thread != one.root);
        }
    }

    /// One look, `step` after the one before: the root thread of a test that goes on for too long, and for how long it did.
    /// `Err` says whether there is anything to look at.
    pub(super) fn look(&self, runtime: &Runtime, step: Duration) -> Result<(u32, Duration), bool> {
        let (Some(limit), OnStall::Exit) = (runtime.settings.stall, runtime.settings.on_stall)
        else {
            return Err(false);
        };
        let mut panicked = patient(&self.0).ok_or(true)?;
        panicked.retain(|one| runtime.board.find(one.root).is_some());
        panicked.iter_mut().for_each(|one| one.lasted += step);
        let over = panicked.iter().find(|one| one.lasted >= limit);
        over.map(|one| (one.root, one.lasted)).ok_or(!panicked.is_empty())
    }
}

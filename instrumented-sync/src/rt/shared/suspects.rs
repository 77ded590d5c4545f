//! Waits that seem to have closed a deadlock of tasks.
//!
//! That a task sleeps for good is told by counts which its runtime keeps for other ends, and what will wake it may be on no record. A
//! deadlock lasts. So one with tasks in it is told by the service, once it was seen twice and none of its tasks was polled in between.

use super::board::Slot;
use std::sync::Mutex;
use std::time::Instant;
use syncscope_recording::writer::bounded_lock;

/// Suspects at a time, at most.
const SUSPECTS: usize = 256;

/// What must be the same when it is seen again: of each participant its number, that of its wait, and when it was polled last.
pub(crate) type State = Vec<(u32, u32, u64)>;

/// A wait that seems to have closed a deadlock.
#[derive(Debug)]
pub(crate) struct Suspect {
    pub(crate) slot: Slot,
    /// The number of the wait.
    pub(crate) seq: u32,
    /// When it was first seen by the service, and how.
    pub(crate) seen: Option<(Instant, State)>,
}

/// The process's.
#[derive(Debug, Default)]
pub(crate) struct Suspects {
    all: Mutex<Vec<Suspect>>,
}

impl Suspects {
    /// The thread or task of this slot has closed what looks like a deadlock.
    pub(crate) fn put(&self, slot: Slot) {
        let Some(seq) = slot.wait().map(|wait| wait.seq) else { return };
        self.keep(vec![Suspect { slot, seq, seen: None }]);
    }

    /// Takes all, to be looked at.
    pub(crate) fn take(&self) -> Vec<Suspect> {
        bounded_lock(&self.all).map(|mut all| std::mem::take(&mut *all)).unwrap_or_default()
    }

    /// Puts suspects back.
    pub(crate) fn keep(&self, suspects: Vec<Suspect>) {
        if let Some(mut all) = bounded_lock(&self.all) {
            all.extend(suspects);
            all.truncate(SUSPECTS);
        }
    }
}

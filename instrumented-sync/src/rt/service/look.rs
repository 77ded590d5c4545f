//! One look at the board: all threads with what they wait for.

use super::super::board::{Slot, WaitEntry};
use super::super::runtime::Runtime;
use std::sync::atomic::Ordering;
use syncscope_recording::layout::{slot, wait};

/// A thread on the board.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) slot: Slot,
    pub(super) thread: u32,
    pub(super) tid: u32,
    pub(super) wait: Option<WaitEntry>,
}

/// All threads on the board.
pub(super) fn threads(runtime: &Runtime) -> Vec<Known> {
    runtime.board.occupied().map(|(_, slot)| Known::of(slot)).collect()
}

impl Known {
    /// The thread of a slot.
    pub(super) fn of(slot: Slot) -> Self {
        Self {
            slot,
            thread: slot.thread(),
            // Relaxed: written before the thread's number, which was loaded with Acquire.
            tid: slot.u32(slot::OS_TID).load(Ordering::Relaxed),
            wait: slot.wait(),
        }
    }

    /// Whether it waits for something that does not come by itself.
    pub(super) fn is_blocked(&self) -> bool {
        self.wait.is_some_and(|wait| !ends_by_itself(wait.kind))
    }

    /// Whether it wakes up after a time, whatever the others do.
    pub(super) fn wakes_by_itself(&self) -> bool {
        self.wait.is_some_and(|wait| ends_by_itself(wait.kind))
    }
}

/// Whether a wait of this kind wakes up after a time.
pub(super) fn ends_by_itself(kind: u32) -> bool {
    kind & wait::TIMED != 0 || kind == wait::SLEEP
}

//! Must-happen-before between two contexts of one process: fork–join order, as the nodes' clocks tell it.

use syncscope_recording::Recording;
use syncscope_recording::model::{ChainNode, ThreadNum};

/// When a context occurred: all of its occurrences lie between its first clock and its last segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Index of the recording.
    pub(crate) process: u32,
    /// Who; `None` when several threads were merged, which makes it a thread unlike all others.
    pub(crate) thread: Option<ThreadNum>,
    first_clock: Option<u32>,
    /// The thread's own segment at the first occurrence.
    pub(crate) first_segment: u32,
    /// The thread's own segment at the last occurrence.
    pub(crate) last_segment: u32,
}

impl Moment {
    pub(crate) fn of(process: u32, node: &ChainNode) -> Self {
        Self {
            process,
            thread: node.thread,
            first_clock: node.first_clock,
            first_segment: node.first_segment,
            last_segment: node.last_segment,
        }
    }

    /// Whether both are of one known thread.
    pub(crate) fn same_thread(&self, other: &Self) -> bool {
        self.process == other.process && self.thread.is_some() && self.thread == other.thread
    }

    /// Whether each occurrence of one happened before each occurrence of the other, in any schedule.
    pub(crate) fn ordered(&self, other: &Self, recordings: &[Recording]) -> bool {
        self.all_before(other, recordings) || other.all_before(self, recordings)
    }

    fn all_before(&self, other: &Self, recordings: &[Recording]) -> bool {
        if self.process != other.process {
            return false;
        }
        let (Some(thread), Some(clock)) = (self.thread, other.first_clock) else { return false };
        let Some(clock) = recordings[self.process as usize].clocks.get(clock as usize) else {
            return false;
        };
        let known = clock.entries.binary_search_by_key(&thread, |entry| entry.0);
        known.is_ok_and(|at| clock.entries[at].1 >= self.last_segment)
    }
}

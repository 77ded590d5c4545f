//! Must-happen-before between two contexts of one process, as the nodes' clocks tell it.

use super::view::{Merged, NodeRef};
use super::work::{Work, is_carrier};
use crate::must_order::initialised_by;
use syncscope_recording::Recording;
use syncscope_recording::model::ThreadNum;

/// Initialisers that a context is known to be inside of, at most.
const INSIDE: usize = 2;

/// When a context occurred: all of its occurrences lie between its first clock and its last segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// What occurred.
    pub(crate) at: NodeRef,
    /// Index of the recording.
    pub(crate) process: u32,
    /// Who; `None` when several threads were merged, which makes it a thread unlike all others.
    pub(crate) thread: Option<ThreadNum>,
    /// Whose work it was.
    work: Work,
    /// Whether clocks tell of the thread's own work, and of no other.
    pub(super) is_told: bool,
    pub(super) first_clock: Option<u32>,
    /// The thread's own segment at the first occurrence.
    pub(crate) first_segment: u32,
    /// The thread's own segment at the last occurrence.
    pub(crate) last_segment: u32,
    /// What clocks call the ends of the initialisers that it is inside of, innermost first.
    inside: [Option<ThreadNum>; INSIDE],
}

impl Moment {
    pub(crate) fn of(view: &Merged<'_>, at: NodeRef) -> Self {
        let node = view.node(at);
        let mut inside = [None; INSIDE];
        let initialisers = view.ancestors(at).map(|above| view.node(above));
        let initialisers = initialisers.filter(|above| above.access.init);
        for (place, above) in inside.iter_mut().zip(initialisers) {
            *place = initialised_by(above.instance.0).map(ThreadNum);
        }
        let recording = &view.recordings[at.process as usize];
        let work = Work::of(node, recording);
        Self {
            at,
            process: at.process,
            thread: node.thread,
            work,
            is_told: work == Work::Own
                && !node.thread.is_some_and(|thread| is_carrier(recording, thread)),
            first_clock: work.clock(recording, node.first_clock),
            first_segment: node.first_segment,
            last_segment: node.last_segment,
            inside,
        }
    }

    /// Whether both are of one known thread; what it did in jobs of a thread pool, of one of these.
    pub(crate) fn same_thread(&self, other: &Self, recordings: &[Recording]) -> bool {
        let is_same = |thread| match (self.work, other.work) {
            (Work::Own, Work::Own) => other.thread == Some(thread),
            (one, other) => one.is_one_with(other, &recordings[self.process as usize]),
        };
        self.process == other.process && self.thread.is_some_and(is_same)
    }

    /// Whether it was in a job of a thread pool, which another thread may run another time.
    pub(crate) fn is_in_job(&self) -> bool {
        self.work != Work::Own
    }

    /// Whether each occurrence of one happened before each occurrence of the other, in any schedule.
    pub(crate) fn ordered(&self, other: &Self, recordings: &[Recording]) -> bool {
        let is_in_tree = || {
            self.process == other.process
                && self.work.is_ordered(other.work, &recordings[self.process as usize])
        };
        self.all_before(other, recordings) || other.all_before(self, recordings) || is_in_tree()
    }

    fn all_before(&self, other: &Self, recordings: &[Recording]) -> bool {
        if self.process != other.process {
            return false;
        }
        let Some(clock) = other.first_clock else { return false };
        let recording = &recordings[self.process as usize];
        let Some(clock) = recording.clocks.get(clock as usize) else { return false };
        let known = |thread: ThreadNum| {
            let at = clock.entries.binary_search_by_key(&thread, |entry| entry.0);
            at.ok().map(|at| clock.entries[at].1)
        };
        // Whoever ran the initialiser, it has ended before the other begins.
        self.inside.into_iter().flatten().any(|end| known(end).is_some())
            || self.is_told
                && self.thread.and_then(known).is_some_and(|segment| segment >= self.last_segment)
            || self.thread.is_some_and(|thread| {
                known(thread).is_some_and(|last| {
                    last >= self.last_segment && self.work.is_before(thread, last, recording)
                })
            })
            || self
                .work
                .end(recording)
                .is_some_and(|(calls, last)| known(calls).is_some_and(|ended| ended >= last))
    }
}

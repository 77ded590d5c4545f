//! Whose work a context was: the thread's own, or that of a job of a thread pool, which another thread runs another time.

use crate::must_order::calls_of;
use crate::pool;
use syncscope_recording::Recording;
use syncscope_recording::model::{ChainNode, Strand, ThreadNum};

/// Strands of a thread that are looked at for one context. Of more nothing is known.
const MOST: usize = 4096;

/// Whose work all occurrences of a context were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// The thread's own.
    Own,
    /// That of one job, or of a call: its index among the strands.
    Job(u32),
    /// That of jobs which calls of one thread wait for: the first job, and the last call.
    Jobs(u32, u32),
    /// That of jobs of which no more is known.
    Unknown,
}

impl Work {
    pub(super) fn of(node: &ChainNode, recording: &Recording) -> Self {
        let Some(thread) = node.thread else { return Self::Own };
        let strands = &recording.strands;
        let before = |segment: u32| {
            strands.partition_point(|strand| (strand.thread, strand.segment) < (thread, segment))
        };
        let from = before(node.first_segment);
        let until = before(node.last_segment.saturating_add(1)).max(from);
        let Some(last) = until.checked_sub(1).filter(|last| *last >= from) else {
            return Self::Own;
        };
        // In a segment between them it may have been the thread's own, or what got lost.
        let segments = node.last_segment.saturating_sub(node.first_segment) as usize;
        if last - from != segments {
            return Self::Unknown;
        }
        let run = &strands[from..=last];
        let is_of_one_thread =
            run.len() <= MOST && run.windows(2).all(|pair| goes_on(&pair[0], &pair[1]));
        match u32::try_from(from) {
            Ok(at) if segments == 0 => Self::Job(at),
            Ok(at) if is_of_one_thread => Self::Jobs(at, strands[last].call),
            _ => Self::Unknown,
        }
    }

    /// The clock before all occurrences, where the thread's was this at the first one.
    pub(super) fn clock(self, recording: &Recording, first: Option<u32>) -> Option<u32> {
        match self {
            Self::Own | Self::Job(_) => first,
            // A later job need not have learnt what the first one has.
            Self::Jobs(at, _) => recording.strands[at as usize].clock,
            Self::Unknown => None,
        }
    }

    /// What clocks say once all of it is over: whose calls, and which was the last one.
    pub(super) fn end(self, recording: &Recording) -> Option<(ThreadNum, u32)> {
        let (at, call) = match self {
            Self::Job(at) => (at, recording.strands[at as usize].call),
            Self::Jobs(at, last) => (at, last),
            Self::Own | Self::Unknown => return None,
        };
        let Strand { caller, is_waited_for, .. } = &recording.strands[at as usize];
        let calls = calls_of(caller.0).filter(|_| *is_waited_for && call != 0);
        calls.map(|calls| (ThreadNum(calls), call))
    }

    /// Whether it comes before what the job does in a later segment of the thread, in every schedule.
    pub(super) fn is_before(self, thread: ThreadNum, segment: u32, recording: &Recording) -> bool {
        let strands = &recording.strands;
        let later = strands.binary_search_by_key(&(thread, segment), |s| (s.thread, s.segment));
        let later = later.ok().and_then(|at| u32::try_from(at).ok());
        later.is_some_and(|at| self.is_ordered(Self::Job(at), recording))
    }

    /// Whether both were in one branch of the tree of jobs, which does one thing after the other.
    pub(super) fn is_one_with(self, other: Self, recording: &Recording) -> bool {
        let (Self::Job(a), Self::Job(b)) = (self, other) else { return false };
        let branch = |at: u32| recording.strands[at as usize].steps.last().map(|s| s.branch);
        branch(a).is_some() && branch(a) == branch(b)
    }

    /// Whether the tree of jobs orders the two.
    pub(super) fn is_ordered(self, other: Self, recording: &Recording) -> bool {
        let (Self::Job(a), Self::Job(b)) = (self, other) else { return false };
        let (a, b) = (&recording.strands[a as usize], &recording.strands[b as usize]);
        a.tree == b.tree && pool::never_meet(&a.steps, &b.steps)
    }
}

/// Whether a thread ran jobs for others: what is told in a job is not told by the thread.
pub(super) fn is_carrier(recording: &Recording, thread: ThreadNum) -> bool {
    let strands = &recording.strands;
    let from = strands.partition_point(|strand| strand.thread < thread);
    let mut own = strands[from..].iter().take_while(|strand| strand.thread == thread);
    own.by_ref().take(MOST).any(|strand| strand.caller != thread) || own.next().is_some()
}

/// Whether of two strands, one segment after the other, calls of one thread wait for both, in that order.
fn goes_on(before: &Strand, strand: &Strand) -> bool {
    let key = |one: &Strand| (one.thread, one.caller, one.is_waited_for);
    key(before) == key(strand)
        && strand.is_waited_for
        && before.segment.checked_add(1) == Some(strand.segment)
        && before.call <= strand.call
}

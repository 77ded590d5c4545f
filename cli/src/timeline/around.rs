//! The part of a timeline around a finding.

use super::model::{Kind, Slice, Timeline, Track};
use std::collections::BTreeSet;
use syncscope_detector::finding::{Finding, Grade};

/// How many slices of a thread, and of a lock, are shown.
const OF_TRACK: usize = 24;

/// A part of a timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its tracks, threads first, as indices into those of the timeline.
    pub tracks: Vec<usize>,
    /// Its beginning.
    pub from: u64,
    /// Its end.
    pub until: u64,
}

/// The last that is known of what the threads of a finding did with its locks, in one of its processes; `None` where events do not reach
/// so far back.
#[must_use]
pub fn around(finding: &Finding, process: usize, timeline: &Timeline) -> Option<Window> {
    let of_process = finding.threads.iter().filter(|thread| thread.process == process);
    let threads: BTreeSet<u32> = of_process.map(|thread| thread.number).collect();
    let locks: BTreeSet<u32> = (finding.locks.iter())
        .filter(|lock| !matches!(lock.kind, "thread" | "task" | "scope"))
        .map(|lock| lock.instance)
        .filter(|number| *number != 0)
        .collect();
    let is_part = |track: &Track| match track.kind {
        Kind::Lock => locks.contains(&track.number),
        Kind::Thread | Kind::Task => threads.contains(&track.number),
    };
    let tracks: Vec<usize> =
        (0..timeline.tracks.len()).filter(|at| is_part(&timeline.tracks[*at])).collect();
    let matters = |slice: &&Slice| threads.contains(&slice.thread) && locks.contains(&slice.lock);
    let slices = tracks.iter().flat_map(|at| &timeline.tracks[*at].slices);
    let last = slices.filter(matters).map(|slice| slice.end).max()?;
    let is_observed = finding.grade == Grade::Observed;
    let until = if is_observed { timeline.until } else { last };
    // Of each thread the last few: one that has long been done is shown, too.
    let mut from = until;
    for track in tracks.iter().map(|at| &timeline.tracks[*at]) {
        let before = track.slices.iter().rev().filter(|slice| slice.start <= until);
        let own = before.filter(|slice| threads.contains(&slice.thread));
        for slice in own.take(if is_observed { OF_TRACK / 4 } else { OF_TRACK }) {
            from = from.min(slice.start);
        }
    }
    // With a margin on both sides.
    let margin = (until - from) / 50 + 1;
    Some(Window {
        tracks,
        from: from.saturating_sub(margin),
        until: if is_observed { until } else { until.saturating_add(margin) },
    })
}

//! The processes of a trace, on one clock.

use crate::escape;
use crate::output::View;
use crate::timeline::{Timeline, timeline};
use crate::words;
use syncscope_recording::model::Process;

/// A process.
pub(super) struct Traced {
    pub(super) pid: u32,
    /// Escaped.
    pub(super) name: String,
    /// What its times begin at: nanoseconds after the start of the first process.
    pub(super) offset: u64,
    /// When it was started, nanoseconds after 1970.
    pub(super) started: u64,
    pub(super) timeline: Timeline,
}

/// Those of which there are events.
pub(super) fn processes(view: &View<'_>) -> Vec<Traced> {
    let recordings = &view.recordings.readable;
    let starts = recordings.iter().map(|recording| recording.process.start_unix_ns);
    let first = starts.filter(|start| *start > 0).min().unwrap_or(0);
    let traced = recordings.iter().filter_map(|recording| {
        let process = &recording.process;
        Some(Traced {
            pid: process.pid,
            name: name(process),
            offset: process.start_unix_ns.saturating_sub(first),
            started: process.start_unix_ns,
            timeline: timeline(recording)?,
        })
    });
    traced.collect()
}

/// `bank 4242`, with the test, where it is one of a runner's.
fn name(process: &Process) -> String {
    let exe = process.exe.rsplit(['/', '\\']).next().unwrap_or_default();
    match &process.test {
        Some(test) => format!("{}: {}", escape::name(exe), escape::name(test)),
        None => escape::name(exe),
    }
}

/// The place of a slice or mark, escaped; `None` where it is not known.
pub(super) fn place(place: &syncscope_detector::finding::Place) -> Option<String> {
    (place.line != 0).then(|| words::short_place(place))
}

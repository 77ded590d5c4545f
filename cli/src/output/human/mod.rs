//! For people: reads like rustc's messages.
//!
//! For each finding: the headline with the names of the locks, a frame for every acquisition, the facts about threads
//! and locks, the schedule that deadlocks, one line of help.

mod finding;
mod fold;
mod frame_lines;
mod frames;
mod front;
mod locks;
mod process;
mod schedule;
mod stacks;
mod summary;
mod tree;
mod waits;

use super::View;
use crate::postmortem::Look;
use syncscope_detector::Finding;

pub(super) use summary::closing;
pub(super) use tree::plain as wait_tree;

/// One finding in full.
pub(super) fn one(finding: &Finding, view: &View<'_>) -> String {
    let mut out = String::new();
    finding::render(finding, view, &mut out);
    out
}

/// What had gone wrong before a finding, and who waits for whom in it.
pub(super) fn waits(finding: &Finding, view: &View<'_>) -> String {
    let mut out = String::new();
    waits::causes(finding, view, &mut out);
    waits::render(finding, &view.labels(finding), view, &mut out);
    out
}

/// The stacks of a finding.
pub(super) fn stacks(finding: &Finding, view: &View<'_>) -> String {
    let mut out = String::new();
    stacks::render(finding, &view.labels(finding), view, &mut out);
    out
}

/// Who waits for whom in each process.
pub(super) fn front(view: &View<'_>) -> String {
    let mut out = String::new();
    front::render(view, &mut out);
    out
}

/// The state of a process at its end: that of a recording, by its index.
pub(super) fn state(view: &View<'_>, (index, events): (usize, usize)) -> String {
    let mut out = String::new();
    if let Some(recording) = view.recordings.readable.get(index) {
        let look = Look { events, symbols: view.symbols, live: view.live(index) };
        process::render(recording, view, look, &mut out);
    }
    out
}

pub(super) fn render(view: &View<'_>) -> String {
    let mut out = String::new();
    if view.last_events.is_some() {
        out.push_str(&front(view));
    }
    for finding in &view.analysis.findings {
        out.push_str(&one(finding, view));
        out.push('\n');
    }
    if let Some(contention) = view.contention {
        locks::render(contention, view.columns, &mut out);
    }
    if let Some(events) = view.last_events {
        for index in 0..view.recordings.readable.len() {
            out.push_str(&state(view, (index, events)));
            out.push('\n');
        }
    }
    // What runs tests ends those that take too long, and goes on.
    let may_be_cut = view.is_cut_short() || matches!(view.command, "test" | "nextest");
    if may_be_cut && view.last_events.is_none() {
        process::interrupted(view, &mut out);
    }
    closing(view, &mut out);
    out
}

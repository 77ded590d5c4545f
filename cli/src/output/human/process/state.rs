//! The whole state: the process, its threads, who waits for whom, what happened last, what was lost.

use super::{losses, threads, waits};
use crate::escape;
use crate::output::words;
use crate::output::words::seconds;
use crate::postmortem::{self, End, Look};
use crate::source::Sources;
use crate::utc::Utc;
use anstyle::Style;
use std::fmt::Write;
use std::time::Duration;
use syncscope_recording::Recording;
use syncscope_recording::model::ExitState;

const BOLD: Style = Style::new().bold();

pub(in crate::output::human) fn render(
    recording: &Recording,
    sources: &Sources,
    look: Look<'_>,
    out: &mut String,
) {
    let end = postmortem::end(recording, sources, look);
    head(recording, &end, out);
    waits::render(&end, out);
    threads::render(&end, out);
    last_events(&end, out);
    losses::render(recording, out);
}

fn head(recording: &Recording, end: &End, out: &mut String) {
    let process = &recording.process;
    let command = match process.args.is_empty() {
        true => escape::text(&process.exe).into_owned(),
        false => escape::text(&process.args.join(" ")).into_owned(),
    };
    let _ = writeln!(out, "{BOLD}process {}{BOLD:#}: {}", process.pid, escape::fit(&command, 160));
    let how = match process.exit {
        _ if end.is_live => "running",
        ExitState::Exited => "exited",
        ExitState::Deadlock => "ended by Syncscope on a deadlock",
        ExitState::Stall => "ended by Syncscope on a stall",
        ExitState::Running => "no orderly end: killed, aborted or out of memory",
    };
    let _ = writeln!(out, "  state: {how}");
    if let Some(test) = &process.test {
        let _ = writeln!(out, "  test: {}", escape::text(test));
    }
    times(end, out);
    let _ = writeln!(
        out,
        "  recorded in: {} (mode {})",
        escape::text(&recording.source),
        escape::text(&process.mode)
    );
}

/// By the clock on the wall, which is what other logs have.
fn times(end: &End, out: &mut String) {
    if let Some(started) = end.started {
        let _ = writeln!(out, "  started: {}", Utc::of(started));
    }
    let wall = |after: f64| {
        let after = Duration::try_from_secs_f64(after).ok()?;
        end.started?.checked_add(after).map(|time| format!(", {}", Utc::of(time)))
    };
    if let Some(last) = end.last {
        let wall = wall(last).unwrap_or_default();
        let _ = writeln!(out, "  last recorded: {} after its start{wall}", seconds(last));
    }
    if let Some(until) = end.until.filter(|until| end.is_live || Some(*until) > end.last) {
        let wall = wall(until).unwrap_or_default();
        let word = if end.is_live { "now" } else { "last known alive" };
        let _ = writeln!(out, "  {word}: {} after its start{wall}", seconds(until));
    }
}

fn last_events(end: &End, out: &mut String) {
    if end.events.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n  {BOLD}last events{BOLD:#} (seconds after the start)");
    let widest = end.events.iter().map(|event| escape::width(&event.thread)).max().unwrap_or(0);
    for event in &end.events {
        let when = event.at.map_or_else(String::new, |at| format!("{at:.6}"));
        let margin = " ".repeat(widest - escape::width(&event.thread));
        let place = match event.place.line {
            0 => String::new(),
            _ => format!("  {}", words::place(&event.place)),
        };
        let _ = writeln!(out, "    {when:>12}  {}{margin}  {}{place}", event.thread, event.what);
    }
}

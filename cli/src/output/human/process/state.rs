//! The whole state: the process, its threads, what happened last, what was lost.

use super::{losses, threads};
use crate::escape;
use crate::output::View;
use crate::postmortem::{self, End, Known, LastEvent, Look};
use crate::utc::Utc;
use crate::words;
use crate::words::seconds;
use anstyle::Style;
use std::fmt::Write;
use std::time::Duration;
use syncscope_recording::Recording;

/// What an event is not cut below.
const SHORTEST: usize = 16;

const BOLD: Style = Style::new().bold();

pub(in crate::output::human) fn render(
    recording: &Recording,
    view: &View<'_>,
    look: Look<'_>,
    out: &mut String,
) {
    let end = postmortem::end(recording, look);
    head(recording, &end, out);
    threads::render(&end, view.columns, out);
    last_events(&end, view.columns, out);
    losses::render(recording, out);
}

fn head(recording: &Recording, end: &End, out: &mut String) {
    let process = &recording.process;
    let command = match process.args.is_empty() {
        true => escape::text(&process.exe).into_owned(),
        false => escape::text(&process.args.join(" ")).into_owned(),
    };
    let _ = writeln!(out, "{BOLD}process {}{BOLD:#}: {}", process.pid, escape::fit(&command, 160));
    let how = if end.is_live { "running" } else { words::ended(process.exit) };
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

fn last_events(end: &End, columns: usize, out: &mut String) {
    if end.events.is_empty() {
        return;
    }
    let is_bound = |event: &LastEvent| event.known != Known::Exactly;
    let bounds = match end.events.iter().any(is_bound) {
        true => "; `by`: not later than that",
        false => "",
    };
    let _ = writeln!(out, "\n  {BOLD}last events{BOLD:#} (seconds after the start{bounds})");
    let widest = end.events.iter().map(|event| escape::width(&event.thread)).max().unwrap_or(0);
    for event in &end.events {
        let bound = match event.known {
            Known::Exactly => "",
            Known::AtLatest => "by ",
            Known::AtEarliest => "after ",
        };
        let when = event.at.map_or_else(String::new, |at| format!("{bound}{at:.6}"));
        let margin = " ".repeat(widest - escape::width(&event.thread));
        let place = match event.place.line {
            0 => String::new(),
            _ => format!("  {}", words::short_place(&event.place)),
        };
        let taken = 4 + 12 + 2 + widest + 2 + escape::width(&place);
        let what = escape::fit(&event.what, columns.saturating_sub(taken).max(SHORTEST));
        let _ = writeln!(out, "    {when:>12}  {}{margin}  {what}{place}", event.thread);
    }
}

//! What is missing from a recording.

use crate::escape;
use crate::recordings::WITHOUT_EVENTS;
use crate::words;
use anstyle::Style;
use std::fmt::Write;
use syncscope_recording::Recording;

pub(super) fn render(recording: &Recording, out: &mut String) {
    let lost = &recording.lost;
    let counts = [
        (
            lost.overwritten,
            "older event overwritten, as rings do",
            "older events overwritten, as rings do",
        ),
        (lost.events, "event found no room", "events found no room"),
        (
            lost.nodes,
            "step of the order graph found no room",
            "steps of the order graph found no room",
        ),
        (lost.threads, "thread without a slot", "threads without a slot"),
        (lost.chunks, "part could not be stored", "parts could not be stored"),
        (lost.records, "record could not be stored", "records could not be stored"),
    ];
    let left_out = recording.notes.iter().any(|note| note == WITHOUT_EVENTS);
    let counts = counts.into_iter().filter(|(n, ..)| *n > 0);
    let lines: Vec<String> = counts
        .map(|(n, one, many)| words::count(n, one, many))
        .chain(lost.all_damage().map(|line| escape::text(line).into_owned()))
        .chain(left_out.then(|| WITHOUT_EVENTS.to_owned()))
        .collect();
    if !lines.is_empty() {
        let bold = Style::new().bold();
        let _ = writeln!(out, "\n  {bold}lost{bold:#}");
    }
    for line in lines {
        let _ = writeln!(out, "    {line}");
    }
}

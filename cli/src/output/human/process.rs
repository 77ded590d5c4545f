//! The state of a process at its end.

use super::super::words;
use crate::escape;
use crate::postmortem::{self, End, ThreadEnd, Wait};
use crate::source::Sources;
use anstyle::Style;
use std::fmt::Write;
use syncscope_detector::finding::Place;
use syncscope_recording::Recording;
use syncscope_recording::model::ExitState;

const BOLD: Style = Style::new().bold();

pub(super) fn render(recording: &Recording, sources: &Sources, events: usize, out: &mut String) {
    let end = postmortem::end(recording, sources, events);
    head(recording, &end, out);
    threads(&end, out);
    last_events(&end, out);
    lost(recording, out);
}

fn head(recording: &Recording, end: &End, out: &mut String) {
    let process = &recording.process;
    let command = match process.args.is_empty() {
        true => escape::text(&process.exe).into_owned(),
        false => escape::text(&process.args.join(" ")).into_owned(),
    };
    let _ = writeln!(out, "{BOLD}process {}{BOLD:#}: {}", process.pid, escape::fit(&command, 160));
    let how = match process.exit {
        ExitState::Exited => "exited",
        ExitState::Deadlock => "ended by Syncscope on a deadlock",
        ExitState::Stall => "ended by Syncscope on a stall",
        ExitState::Running => "no orderly end: killed, aborted, or running still",
    };
    let _ = writeln!(out, "  state: {how}");
    if let Some(test) = &process.test {
        let _ = writeln!(out, "  test: {}", escape::text(test));
    }
    if let Some(last) = end.last {
        let _ = writeln!(out, "  last recorded: {} after its start", seconds(last));
    }
    let _ = writeln!(
        out,
        "  recorded in: {} (mode {})",
        escape::text(&recording.source),
        escape::text(&process.mode)
    );
}

fn threads(end: &End, out: &mut String) {
    let ended = match end.ended_threads {
        0 => String::new(),
        n => format!(" ({} had ended)", words::count(n as u64, "thread", "threads")),
    };
    let _ = writeln!(out, "\n  {BOLD}threads at the end{BOLD:#}{ended}");
    if end.threads.is_empty() {
        let _ = writeln!(out, "    none");
    }
    for thread in &end.threads {
        one_thread(thread, out);
    }
}

fn one_thread(thread: &ThreadEnd, out: &mut String) {
    let _ =
        writeln!(out, "    {BOLD}{}{BOLD:#}{}", thread.label, at("spawned at", &thread.spawned));
    match &thread.wait {
        Some(wait) => one_wait(wait, out),
        None if thread.returned => {
            let _ = writeln!(out, "      has returned");
        }
        None => {
            let _ = writeln!(out, "      runs");
        }
    }
    for hold in &thread.holds {
        let how = if hold.shared { "reads" } else { "holds" };
        let _ = writeln!(
            out,
            "      {how} {}{}{}",
            hold.lock,
            since(hold.since),
            at("taken at", &hold.place)
        );
    }
    if thread.held_unlisted > 0 {
        let _ = writeln!(out, "      holds {} more", thread.held_unlisted);
    }
}

fn one_wait(wait: &Wait, out: &mut String) {
    let what = match &wait.object {
        Some(object) => format!("waits for {object} ({})", wait.call),
        None => format!("waits in {}", wait.call),
    };
    let timed = if wait.timed { ", for a limited time" } else { "" };
    let long = match wait.at_least {
        Some(long) if long > 0.0 => format!(", for {} at least", seconds(long)),
        _ => String::new(),
    };
    let _ =
        writeln!(out, "      {what}{timed}{}{long}{}", since(wait.since), at("at", &wait.place));
    for holder in &wait.holders {
        let _ = writeln!(out, "        held by {}{}", holder.thread, at("taken at", &holder.place));
    }
}

fn last_events(end: &End, out: &mut String) {
    if end.events.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n  {BOLD}last events{BOLD:#}");
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

fn lost(recording: &Recording, out: &mut String) {
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
    let counts = counts.into_iter().filter(|(n, ..)| *n > 0);
    let lines: Vec<String> = counts
        .map(|(n, one, many)| words::count(n, one, many))
        .chain(recording.lost.damage.iter().map(|line| escape::text(line).into_owned()))
        .collect();
    if !lines.is_empty() {
        let _ = writeln!(out, "\n  {BOLD}lost{BOLD:#}");
    }
    for line in lines {
        let _ = writeln!(out, "    {line}");
    }
}

fn at(word: &str, place: &Place) -> String {
    match place.line {
        0 => String::new(),
        _ => format!(", {word} {}", words::place(place)),
    }
}

fn since(since: Option<f64>) -> String {
    since.map_or_else(String::new, |since| format!(", since {}", seconds(since)))
}

/// A duration with a unit that suits it.
fn seconds(seconds: f64) -> String {
    match seconds {
        s if s < 0.001 => format!("{:.1} µs", s * 1e6),
        s if s < 1.0 => format!("{:.1} ms", s * 1e3),
        s => format!("{s:.3} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn durations_have_fitting_units() {
        assert_eq!(seconds(0.000_012_3), "12.3 µs");
        assert_eq!(seconds(0.0123), "12.3 ms");
        assert_eq!(seconds(12.3), "12.300 s");
    }
}

//! What a report begins with: who waits for whom in each process.

use super::fold::fold;
use super::tree::{self, Picture};
use crate::escape;
use crate::output::View;
use crate::postmortem::{self, End, Look, Panicked};
use crate::words;
use anstyle::Style;
use std::fmt::Write;

/// Writes it for each process in which a thread waits for another.
pub(super) fn render(view: &View<'_>, out: &mut String) {
    let bold = Style::new().bold();
    for (index, recording) in view.recordings.readable.iter().enumerate() {
        let waits = recording.board.iter().any(|slot| slot.wait.is_some());
        if !waits && recording.panics.is_empty() {
            continue;
        }
        let look = Look { events: 0, symbols: view.symbols, live: view.live(index) };
        let end = postmortem::end(recording, look);
        let mut drawn = String::new();
        Picture::of_process(&end, view.columns).draw(&mut drawn);
        let panics = panics(&end, view.columns);
        if !drawn.is_empty() || !panics.is_empty() {
            let exe = escape::text(&recording.process.exe);
            let exe = exe.rsplit('/').next().unwrap_or_default();
            let pid = recording.process.pid;
            let head = escape::fit(&format!("process {pid}: {exe}"), view.columns);
            let _ = writeln!(out, "{bold}{head}{bold:#}");
            out.push_str(&panics);
            if !drawn.is_empty() {
                tree::title(out);
            }
            let _ = writeln!(out, "{drawn}");
        }
    }
}

fn poisoned(panic: &Panicked) -> String {
    if !panic.poisoned.is_empty() {
        return format!("; poisoned by it: {}", words::and(&panic.poisoned));
    }
    match (&panic.perhaps_poisoned, &panic.place) {
        (locks, _) if locks.is_empty() => String::new(),
        (locks, Some(_)) => {
            format!("; poisoned by it, unless it was caught before: {}", words::and(locks))
        }
        (locks, None) => {
            format!("; released as it ended, and poisoned if held then: {}", words::and(locks))
        }
    }
}

/// Panics of threads and tests may be many.
const PANICS: usize = 6;

fn panics(end: &End, columns: usize) -> String {
    let mut text = String::new();
    for panic in end.panics.iter().take(PANICS) {
        let _ = write!(text, "  {} panicked", panic.thread);
        if let Some(place) = &panic.place {
            let _ = write!(text, " at {}", words::place(place));
        }
        if let Some(at) = panic.at {
            let by = if panic.place.is_some() { "," } else { " by" };
            let _ = write!(text, "{by} {} after the start", words::seconds(at));
        }
        if !panic.message.is_empty() {
            let _ = write!(text, ": {}", panic.message);
        }
        text.push_str(&poisoned(panic));
        text.push('\n');
    }
    if end.panics.len() > PANICS {
        let _ = writeln!(text, "  and {} more panicked", end.panics.len() - PANICS);
    }
    fold(&text, columns)
}

//! What was looked at and what was not, and the state of each process at its end.

use super::finding::folded;
use super::text;
use crate::output::{View, human};
use std::fmt::Write;

/// Processes whose state is shown, and how many of their last events.
const PROCESSES: usize = 20;
const EVENTS: usize = 40;

/// Columns of what is shown as a terminal shows it.
const COLUMNS: usize = 150;

pub(super) fn section(view: &View<'_>) -> String {
    let mut closing = String::new();
    human::closing(view, &mut closing);
    let mut out = format!(
        "<section id=\"coverage\" aria-labelledby=\"coverage-h\">\n<h2 id=\"coverage-h\">Coverage and notes</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"coverage\">{}</div>\n",
        text::block(&closing)
    );
    let once = &view.extent.met_once;
    if !once.is_empty() {
        let names: Vec<String> = once
            .iter()
            .take(500)
            .map(|name| format!("<code>{}</code>", text::text(name)))
            .collect();
        let more = match once.len() - names.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        folded(
            "Locks that were nested only once",
            &format!("<p>{}{more}</p>", names.join(" ")),
            &mut out,
        );
    }
    out.push_str("</section>\n");
    out
}

/// The state of each process at its end.
pub(super) fn processes(view: &View<'_>) -> String {
    let count = view.recordings.readable.len();
    let mut out = String::from(
        "<section id=\"processes\" aria-labelledby=\"processes-h\">\n<h2 id=\"processes-h\">Processes at their end</h2>\n",
    );
    let wide = View { columns: COLUMNS, ..*view };
    for index in 0..count.min(PROCESSES) {
        let state = human::state(&wide, (index, view.last_events.unwrap_or(EVENTS)));
        let recording = &view.recordings.readable[index];
        let exe = recording.process.exe.rsplit('/').next().unwrap_or_default();
        let title = format!("{} {}", text::raw(exe), recording.process.pid);
        folded(&title, &text::block(&state), &mut out);
    }
    if count > PROCESSES {
        let _ = writeln!(out, "<p>and {} more</p>", count - PROCESSES);
    }
    out.push_str("</section>\n");
    out
}

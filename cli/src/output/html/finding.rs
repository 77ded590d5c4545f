//! One finding: what to do and where first, then how it comes to it, then the evidence.

use super::{code, schedule, text};
use crate::output::change::{self, Lines};
use crate::output::facts::facts;
use crate::output::{View, human};
use crate::words;
use std::fmt::Write;
use syncscope_detector::finding::Place;
use syncscope_detector::{Finding, Level};

/// Columns of what is shown as a terminal shows it.
const COLUMNS: usize = 150;

/// The name of a finding in the page: `F` and the id that all outputs give it.
pub(super) fn id(finding: &Finding) -> String {
    format!("F{}", text::raw(&finding.fingerprint))
}

/// The word for a level.
pub(super) const fn word(level: Level) -> &'static str {
    match level {
        Level::Deny => "error",
        Level::Warn => "warning",
        Level::Allow => "note",
    }
}

/// All of it. `timeline` is the place for what happened around it.
pub(super) fn article(finding: &Finding, view: &View<'_>, timeline: &str) -> String {
    let labels = view.labels(finding);
    let (id, level) = (id(finding), finding.level.name());
    let mut out = format!(
        "<article class=\"finding {level}\" id=\"{id}\" aria-labelledby=\"{id}-h\">\n\
         <p class=\"head\"><span class=\"badge {level}\">{}</span> <code>{}</code> <span class=\"grade\">{}</span> \
         <a class=\"id\" href=\"#{id}\">{id}</a></p>\n<h3 id=\"{id}-h\">{}</h3>\n",
        word(finding.level),
        finding.rule.name(),
        finding.grade.name(),
        text::words(&words::headline(finding)),
    );
    let help = words::help(finding);
    if !help.is_empty() {
        let _ = writeln!(out, "<p class=\"help\"><b>What to do:</b> {}</p>", text::words(&help));
    }
    let lines = change::lines(finding);
    to_change(finding, &lines, view, &mut out);
    let (Lines::Change(places) | Lines::Look(places)) = &lines;
    let change: &[&Place] = if matches!(lines, Lines::Change(_)) { places } else { &[] };
    out.push_str(&code::frames(finding, &labels, view, change));
    // What a report begins with elsewhere stands with its finding here.
    let wide = View { columns: COLUMNS, last_events: None, ..*view };
    let waits = human::waits(finding, &wide);
    if !waits.trim().is_empty() {
        let _ = writeln!(
            out,
            "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"waits\">{}</div>",
            text::block(&waits)
        );
    }
    out.push_str(&schedule::table(finding, &labels));
    out.push_str(timeline);
    let stacks = human::stacks(finding, &wide);
    if !stacks.trim().is_empty() {
        folded("Stacks", &text::block(&stacks), &mut out);
    }
    let facts: Vec<String> = (facts(finding, &labels, view).iter())
        .map(|fact| format!("<li>{}</li>\n", text::words(fact)))
        .collect();
    folded("Threads, locks and evidence", &format!("<ul>\n{}</ul>", facts.concat()), &mut out);
    let _ = writeln!(
        out,
        "<p class=\"more\">More: <code>cargo syncscope explain {}</code></p>\n</article>",
        finding.rule.name()
    );
    out
}

/// The place for a timeline, and the same as a table.
pub(super) fn timeline(number: usize, table: &str) -> String {
    let mut out = format!(
        "<h4>What happened</h4>\n<div class=\"timeline\" data-timeline=\"{number}\"></div>\n"
    );
    folded("The same as a table", table, &mut out);
    out
}

fn to_change(finding: &Finding, lines: &Lines<'_>, view: &View<'_>, out: &mut String) {
    let (title, places) = match lines {
        Lines::Change(places) => ("Change these lines", places),
        Lines::Look(places) => ("Look at these lines", places),
    };
    if places.is_empty() {
        return;
    }
    let _ = writeln!(out, "<div class=\"lines-to-change\"><b>{title}</b><ol>");
    for place in places {
        let source = view.sources.file(&place.file, place.line, place.column);
        let line = source.as_ref().and_then(|source| source.line(place.line)).unwrap_or_default();
        let _ = writeln!(
            out,
            "<li><code class=\"place\">{}</code> <code>{}</code>{}</li>",
            text::text(&words::short_place(place)),
            text::raw(line.trim()),
            called_from(finding, place, view)
        );
    }
    out.push_str("</ol></div>\n");
}

/// Where the function of a place was called, as far as a stack tells: of what only hands a guard on, that is the line to look at.
fn called_from(finding: &Finding, place: &Place, view: &View<'_>) -> String {
    let is_at = |known: &Place| (&known.file, known.line) == (&place.file, place.line);
    let mut steps = finding.steps.iter();
    let step = steps.find(|step| !step.stack.is_empty() && is_at(&step.place));
    let caller = step.and_then(|step| {
        let process = finding.threads.get(step.thread)?.process;
        let trace = view.symbols.trace(view.recordings.readable.get(process)?, &step.stack);
        let mut own = trace.user_frames().filter(|frame| frame.is_own());
        own.find(|frame| is_at(&frame.place()))?;
        own.next().cloned()
    });
    let Some(caller) = caller else { return String::new() };
    let function = caller.function.as_deref().unwrap_or_default();
    format!(
        "<small>called from <code>{}</code> at <code>{}</code></small>",
        text::raw(function),
        text::text(&words::short_place(&caller.place()))
    )
}

pub(super) fn folded(title: &str, inside: &str, out: &mut String) {
    let _ = writeln!(
        out,
        "<details><summary>{title}</summary><div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{title}\">{inside}</div></details>"
    );
}

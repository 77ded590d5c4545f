//! One finding: what to do and where first, then how it comes to it, then the evidence.

use super::change::{self, Lines};
use super::{code, schedule, text};
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
    to_change(&lines, view, &mut out);
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

fn to_change(lines: &Lines<'_>, view: &View<'_>, out: &mut String) {
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
            "<li><code class=\"place\">{}</code> <code>{}</code></li>",
            text::text(&words::short_place(place)),
            text::raw(line.trim())
        );
    }
    out.push_str("</ol></div>\n");
}

pub(super) fn folded(title: &str, inside: &str, out: &mut String) {
    let _ = writeln!(
        out,
        "<details><summary>{title}</summary><div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{title}\">{inside}</div></details>"
    );
}

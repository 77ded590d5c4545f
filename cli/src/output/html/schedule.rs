//! The schedule that ends in a finding: a column for each thread, time runs down; and schedules that `explore` has found.

use super::text;
use crate::escape;
use crate::explore::Shown;
use crate::output::interleaving::{cell, ends_in, has_cycle, interleaved};
use crate::words;
use std::fmt::Write;
use syncscope_detector::Finding;

/// More columns than this are a list.
const COLUMNS: usize = 8;

/// The schedule of a finding, where it is one.
pub(super) fn table(finding: &Finding, labels: &[String]) -> String {
    let threads = finding.threads.len();
    if threads == 0 || !has_cycle(finding) {
        return String::new();
    }
    let mut out = String::from(
        "<h4>How it comes to it</h4>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"schedule\"><table class=\"schedule\"><thead><tr>",
    );
    let is_table = threads <= COLUMNS;
    let names = finding.threads.iter().map(words::thread);
    let heads: Vec<String> =
        if is_table { names.collect() } else { vec!["thread".to_owned(), "does".to_owned()] };
    for head in &heads {
        let _ = write!(out, "<th scope=\"col\">{}</th>", text::words(head));
    }
    out.push_str("</tr></thead><tbody>\n");
    for (index, step) in interleaved(finding) {
        let place = text::text(&words::short_place(step.caller.as_ref().unwrap_or(&step.place)));
        let does = text::text(&cell(finding, labels, index, step));
        let kind = step.kind.name();
        let does = format!("<td class=\"{kind}\"><b>{does}</b><small>{place}</small></td>");
        let _ = match is_table {
            true => {
                let (before, after) = (step.thread, threads.saturating_sub(step.thread + 1));
                let empty = |count: usize| "<td></td>".repeat(count);
                writeln!(out, "<tr>{}{does}{}</tr>", empty(before), empty(after))
            }
            false => {
                let who = finding.threads.get(step.thread).map(words::thread).unwrap_or_default();
                writeln!(out, "<tr><td>{}</td>{does}</tr>", text::words(&who))
            }
        };
    }
    let _ = writeln!(
        out,
        "</tbody><tfoot><tr><td class=\"end\" colspan=\"{}\">{}</td></tr></tfoot></table></div>",
        heads.len(),
        ends_in(finding)
    );
    out
}

/// A schedule that was found to fail.
pub(super) fn explored(shown: &Shown) -> String {
    let again = shown
        .again()
        .map(|again| format!("<p>Run it again: <code>{}</code></p>\n", text::text(&again)));
    format!(
        "<article class=\"finding deny\"><p class=\"head\"><span class=\"badge deny\">error</span></p>\n<h3>{}</h3>\n{}{}</article>\n",
        text::words(&escape::text(&shown.title())),
        text::block(&shown.body()),
        again.unwrap_or_default()
    )
}

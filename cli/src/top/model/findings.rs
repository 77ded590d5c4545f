//! What is wrong.

use super::seen::Seen;
use super::table::{Cell, Column, Row, Table, Tone};
use crate::names;
use crate::words;
use std::cmp::Reverse;
use syncscope_detector::{Finding, Level};

const COLUMNS: &[Column] = &[
    Column::text("level", 0, 7),
    Column::number("seen", 2),
    Column::text("rule", 1, 26),
    Column::number("times", 3),
    Column::text("id", 4, 16),
    Column::text("what", 0, usize::MAX),
];

/// The latest first; of the same moment those that fail, then those that were seen most often.
pub(super) fn table(seen: &Seen<'_>) -> Table {
    let since = |finding: &Finding| seen.since.get(&finding.fingerprint).copied().unwrap_or(0.0);
    let mut findings: Vec<&Finding> = seen.findings.iter().collect();
    findings.sort_by(|one, other| {
        let rank = |finding: &Finding| (Reverse(finding.level), Reverse(finding.count));
        since(other).total_cmp(&since(one)).then_with(|| rank(one).cmp(&rank(other)))
    });
    let rows = findings.into_iter().map(|finding| row(finding, since(finding))).collect();
    Table { columns: COLUMNS, rows, empty: "no finding so far" }
}

fn row(finding: &Finding, since: f64) -> Row {
    let (level, tone) = match finding.level {
        Level::Deny => ("error", Tone::Error),
        Level::Warn => ("warning", Tone::Warning),
        Level::Allow => ("allowed", Tone::Quiet),
    };
    Row {
        key: finding.fingerprint.clone(),
        cells: vec![
            Cell::text(level),
            Cell::seconds(Some(since)),
            Cell::text(finding.rule.name()),
            Cell::count(finding.count),
            Cell::text(finding.fingerprint.clone()),
            Cell::text(words::headline(finding)),
        ],
        detail: detail(finding),
        tone,
    }
}

fn detail(finding: &Finding) -> Vec<String> {
    let labels = names::labels(finding);
    let mut lines = vec![words::headline(finding)];
    lines.push(format!(
        "{}; {}; id {}",
        words::grade(finding.grade),
        words::times(finding.count),
        finding.fingerprint
    ));
    for (index, step) in finding.steps.iter().enumerate() {
        let told = words::step(finding, &labels, index);
        lines.push(format!("  {told}, at {}", words::place_of(step)));
    }
    let texts = finding.causes.iter().chain(&finding.notes);
    lines.extend(texts.map(|text| crate::escape::text(text).into_owned()));
    lines.push(format!("help: {}", words::help(finding)));
    lines
}

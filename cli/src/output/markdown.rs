//! Markdown as GitHub renders it, for `$GITHUB_STEP_SUMMARY`: the verdict, a table, and each finding folded away.

use super::{View, human, location};
use crate::explore::Shown;
use crate::words;
use anstream::adapter::strip_str;
use std::fmt::Write;
use syncscope_detector::{Finding, Level};

/// A job summary holds a mebibyte; findings beyond these are only counted.
const IN_FULL: usize = 40;
const IN_TABLE: usize = 200;

pub(super) fn render(view: &View<'_>) -> String {
    let mut out = String::from("## Syncscope\n\n");
    let mut closing = String::new();
    human::closing(view, &mut closing);
    for line in strip_str(&closing).to_string().lines() {
        let _ = writeln!(out, "{}\n", plain(line));
    }
    for shown in view.schedules {
        schedule(shown, &mut out);
    }
    let findings = &view.analysis.findings;
    if !findings.is_empty() {
        out.push_str("| level | rule | finding | grade | seen | place |\n");
        out.push_str("| --- | --- | --- | --- | ---: | --- |\n");
    }
    for finding in findings.iter().take(IN_TABLE) {
        row(finding, &mut out);
    }
    if findings.len() > IN_TABLE {
        let _ = writeln!(out, "\nand {} more", findings.len() - IN_TABLE);
    }
    for finding in findings.iter().take(IN_FULL) {
        in_full(finding, view, &mut out);
    }
    out
}

fn row(finding: &Finding, out: &mut String) {
    let place = location::primary(finding).map(words::place).unwrap_or_default();
    let _ = writeln!(
        out,
        "| {} | {} | {} | {} | {} | {} |",
        level(finding),
        finding.rule.name(),
        plain(&words::headline(finding)),
        finding.grade.name(),
        finding.count,
        plain(&place),
    );
}

fn in_full(finding: &Finding, view: &View<'_>, out: &mut String) {
    let text = strip_str(&human::one(finding, view)).to_string();
    let headline = plain(&words::headline(finding));
    folded(&format!("{}: {headline}", finding.rule.name()), &text, out);
}

/// A schedule that fails.
fn schedule(shown: &Shown, out: &mut String) {
    let again = shown.again().map(|again| format!("\nRun it again: {again}\n"));
    let text = format!("{}{}", shown.body(), again.unwrap_or_default());
    folded(&plain(&shown.title()), &text, out);
    out.push('\n');
}

/// Text as it is, folded away below a summary.
fn folded(summary: &str, text: &str, out: &mut String) {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let _ = write!(
        out,
        "\n<details>\n<summary>{summary}</summary>\n\n{fence}text\n{}\n{fence}\n\n</details>\n",
        text.trim_end(),
    );
}

const fn level(finding: &Finding) -> &'static str {
    match finding.level {
        Level::Deny => "**deny**",
        Level::Warn => "warn",
        Level::Allow => "allow",
    }
}

/// Text without any meaning to Markdown or HTML. Every mark is a character reference, which has the same meaning inside of
/// HTML blocks, where backslashes have none.
fn plain(escaped: &str) -> String {
    let mut out = String::with_capacity(escaped.len());
    for c in escaped.chars() {
        if c.is_ascii_punctuation() && !matches!(c, '.' | ',' | '/' | '(' | ')' | '-') {
            let _ = write!(out, "&#{};", u32::from(c));
        } else {
            out.push(c);
        }
    }
    // What stands at the start of a line could begin a list.
    match out.strip_prefix('-') {
        Some(rest) => format!("&#45;{rest}"),
        None => out,
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn marks_lose_their_meaning() {
        assert_eq!(plain("- a"), "&#45; a");
        assert_eq!(plain("<b>`x`|*y*"), "&#60;b&#62;&#96;x&#96;&#124;&#42;y&#42;");
        assert_eq!(plain("src/main.rs, (1)"), "src/main.rs, (1)");
    }
}

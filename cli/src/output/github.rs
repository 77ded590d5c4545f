//! Annotations of GitHub Actions: `::error file=…,line=…::message`, one line for each finding, then the verdict.
//!
//! What a program named is escaped twice: as text for people, and as the runner's commands want it.

use super::View;
use super::location::in_repository;
use crate::words;
use syncscope_detector::{Finding, Level};

/// GitHub shows so many annotations of each kind for a step.
const SHOWN: usize = 10;

pub(super) fn render(view: &View<'_>) -> String {
    let mut out = String::new();
    for level in [Level::Deny, Level::Warn, Level::Allow] {
        let of_level = view.analysis.findings.iter().filter(|finding| finding.level == level);
        let findings: Vec<&Finding> = of_level.collect();
        let hidden = findings.len().saturating_sub(SHOWN);
        for (index, finding) in findings.iter().take(SHOWN).enumerate() {
            let is_last = index + 1 == SHOWN;
            let more =
                if is_last && hidden > 0 { format!("; and {hidden} more") } else { String::new() };
            out.push_str(&annotation(finding, view, &more));
            out.push('\n');
        }
    }
    for remark in view.judged.remarks.iter().take(SHOWN) {
        let file = remark.file.display().to_string();
        let file = view.repository.path(&file).unwrap_or(file);
        let command = command(remark.level);
        out.push_str(&format!(
            "::{command} file={},line={},col=1,title={}::{}\n",
            property(&crate::escape::text(&file)),
            remark.line,
            remark.rule.name,
            data(&remark.message)
        ));
    }
    super::human::closing(view, &mut out);
    out
}

fn annotation(finding: &Finding, view: &View<'_>, more: &str) -> String {
    let command = command(finding.level);
    let (file, line, column) = match in_repository(finding, view.repository) {
        Some((path, place)) => (path, place.line, place.column),
        None => (view.repository.manifest(), 1, 1),
    };
    let labels = view.labels(finding);
    let mut text = words::headline(finding);
    for index in 0..finding.steps.len() {
        let step = words::step(finding, &labels, index);
        let place = words::place_of(&finding.steps[index]);
        text.push_str(&format!("\n({}) {step} [{place}]", index + 1));
    }
    text.push_str(&format!("\nhelp: {}{more}", words::help(finding)));
    format!(
        "::{command} file={},line={line},col={column},title={}::{}",
        property(&crate::escape::text(&file)),
        property(finding.rule.name()),
        data(&text)
    )
}

const fn command(level: Level) -> &'static str {
    match level {
        Level::Deny => "error",
        Level::Warn => "warning",
        Level::Allow => "notice",
    }
}

/// The text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn commands_cannot_be_forged() {
        assert_eq!(data("a%0A\n::error::b"), "a%250A%0A::error::b");
        assert_eq!(property("x,title=y::\r"), "x%2Ctitle=y%3A%3A%0D");
    }
}

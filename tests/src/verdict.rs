//! Compares what a program says about itself with what the command found.

use crate::expect::{Expectation, Kind};
use crate::report::{Finding, Report};
use crate::run::Ran;

/// How a program was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As expected.
    Right,
    /// The expected finding is missing, or the program hung.
    FalseNegative(String),
    /// A finding at `deny` level where there is nothing to find.
    FalsePositive(String),
    /// The right rule, but something else is wrong: sites, locks, grade, exit code, output.
    Inexact(String),
}

/// Everything that was seen of a run under the command.
#[derive(Debug)]
pub struct Seen<'a> {
    /// The name of the source file.
    pub file: &'a str,
    /// The run of the command.
    pub ran: &'a Ran,
    /// Its report; of a later `check` when the command was killed.
    pub report: &'a Report,
}

/// Judges a run.
#[must_use]
pub fn judge(kind: Kind, expected: &Expectation, seen: &Seen<'_>) -> Outcome {
    let outcome = match kind {
        Kind::Deadlock => deadlock(expected, seen),
        Kind::Stall if expected.stall.is_some() => deadlock(expected, seen),
        Kind::Inversion if expected.is_warning => only(expected, seen, "warn"),
        Kind::Inversion | Kind::KnownGap => only(expected, seen, "deny"),
        Kind::Recursive => only(expected, seen, "warn"),
        Kind::Stall if expected.held.is_some() && !expected.rules.is_empty() => {
            only(expected, seen, "warn")
        }
        Kind::Correct | Kind::Stall => none(expected, seen),
    };
    if outcome != Outcome::Right {
        return outcome;
    }
    exit(kind, expected, seen).map_or(Outcome::Right, Outcome::Inexact)
}

fn deadlock(expected: &Expectation, seen: &Seen<'_>) -> Outcome {
    if seen.ran.code.is_none() {
        return Outcome::FalseNegative(format!("hangs; {}", listing(seen.report)));
    }
    matching(expected, seen, "deny")
}

fn only(expected: &Expectation, seen: &Seen<'_>, level: &str) -> Outcome {
    let other = seen.report.denied().find(|f| !expected.rules.contains(&f.rule) || level != "deny");
    if let Some(other) = other {
        return Outcome::FalsePositive(line(other));
    }
    matching(expected, seen, level)
}

fn none(expected: &Expectation, seen: &Seen<'_>) -> Outcome {
    let is_wrong = |finding: &&Finding| {
        finding.level == "deny" || expected.held.is_some() && finding.rule == "stall"
    };
    let denied: Vec<_> = seen.report.findings.iter().filter(is_wrong).map(line).collect();
    if denied.is_empty() { Outcome::Right } else { Outcome::FalsePositive(denied.join("; ")) }
}

/// One finding must meet the whole expectation; several may share its rule.
fn matching(expected: &Expectation, seen: &Seen<'_>, level: &str) -> Outcome {
    let same_rule: Vec<&Finding> = seen
        .report
        .findings
        .iter()
        .filter(|finding| finding.level == level && expected.rules.contains(&finding.rule))
        .collect();
    if same_rule.is_empty() {
        return Outcome::FalseNegative(listing(seen.report));
    }
    let faults: Vec<_> =
        same_rule.iter().map(|finding| faults(finding, expected, seen.file)).collect();
    if faults.iter().any(Vec::is_empty) {
        return Outcome::Right;
    }
    let fewest = faults.into_iter().min_by_key(Vec::len).unwrap_or_default();
    Outcome::Inexact(format!("{}; {}", fewest.join(", "), listing(seen.report)))
}

fn faults(finding: &Finding, expected: &Expectation, file: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if !expected.grades.contains(&finding.grade) {
        faults.push(format!("grade {}", finding.grade));
    }
    let sites = expected.sites.iter().filter(|line| !finding.has_site(file, **line));
    faults.extend(sites.map(|line| format!("line {line} is not among the sites")));
    let locks = expected.locks.iter().filter(|line| !finding.has_lock(file, **line));
    faults.extend(locks.map(|line| format!("the lock of line {line} is missing")));
    let frames = expected.frames.iter().filter(|function| !finding.has_frame(function));
    faults.extend(frames.map(|function| format!("no stack shows {function}")));
    if expected.threads.is_some_and(|threads| threads != finding.threads.len()) {
        faults.push(format!("{} threads", finding.threads.len()));
    }
    faults
}

fn exit(kind: Kind, expected: &Expectation, seen: &Seen<'_>) -> Option<String> {
    let wanted = match kind {
        _ if expected.killed => None,
        Kind::Stall if expected.stall.is_some() => Some(1),
        Kind::Inversion if expected.is_warning => Some(expected.program),
        Kind::Deadlock | Kind::Inversion | Kind::KnownGap => Some(1),
        Kind::Recursive | Kind::Correct | Kind::Stall => Some(expected.program),
    };
    if seen.ran.code != wanted {
        let tail: String = seen.ran.stderr.chars().take(600).collect();
        return Some(format!("exit code {:?} instead of {wanted:?}: {tail}", seen.ran.code));
    }
    (!seen.report.unreadable.is_empty()).then(|| "a recording is unreadable".to_owned())
}

fn listing(report: &Report) -> String {
    let findings: Vec<_> = report.findings.iter().map(line).collect();
    if findings.is_empty() { "no finding".to_owned() } else { findings.join("; ") }
}

fn line(finding: &Finding) -> String {
    let sites: Vec<_> = finding.sites.iter().map(|site| site.line.to_string()).collect();
    let Finding { level, rule, grade, message, .. } = finding;
    format!("{level} {rule} {grade}: {message} [lines {}]", sites.join(" "))
}

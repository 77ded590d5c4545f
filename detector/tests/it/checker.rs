//! `check(programs, expect)`: runs each program as a process, analyses all recordings together, and compares the
//! findings, one line each, with what is expected.

use crate::notation::parse;
use crate::recorder::run_in_order;
use syncscope_detector::finding::{Finding, LockInfo, Refutation, StepKind};
use syncscope_detector::{Analysis, Options, PlainSites, RuleId, analyze};
use syncscope_recording::Recording;

/// Runs the programs one after the other and compares.
#[track_caller]
pub(crate) fn check(programs: &[&str], expect: &str) -> Analysis {
    let recordings: Vec<_> = programs.iter().map(|text| record(text)).collect();
    check_recordings(&recordings, expect)
}

/// The recording of a program that runs to its end when its threads run one after the other.
#[track_caller]
pub(crate) fn record(text: &str) -> Recording {
    let run = run_in_order(&parse(text));
    assert!(!run.stuck, "the program does not end: {text}");
    assert!(!run.try_failed, "a try fails: {text}");
    run.recording
}

#[track_caller]
pub(crate) fn check_recordings(recordings: &[Recording], expect: &str) -> Analysis {
    let analysis =
        analyze(recordings, &Options { refuted: true, ..Options::default() }, &PlainSites);
    let again = analyze(recordings, &Options { refuted: true, ..Options::default() }, &PlainSites);
    assert_eq!(analysis, again, "the analysis is not deterministic");
    analysis.findings.iter().for_each(check_shape);
    let shown = analyze(recordings, &Options::default(), &PlainSites);
    let unrefuted = analysis.findings.iter().filter(|finding| finding.refutation.is_none());
    assert!(unrefuted.eq(&shown.findings), "only refuted findings may be hidden");

    let mut found: Vec<_> = analysis.findings.iter().map(summary).collect();
    let mut expected: Vec<_> =
        expect.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected, "{:#?}", analysis.findings);
    analysis
}

/// `rule grade level: locks x count`, with the reason behind `refuted`. The cycle begins at its least lock.
pub(crate) fn summary(finding: &Finding) -> String {
    let reason = match &finding.refutation {
        None => String::new(),
        Some(Refutation::OneThread { thread }) => format!("(one thread: {thread})"),
        Some(Refutation::GateLock { lock }) => {
            format!("(gate {})", lock_name(&finding.locks[*lock]))
        }
        Some(Refutation::ReadersOnly) => "(readers)".to_owned(),
        Some(Refutation::MustOrder) => "(order)".to_owned(),
    };
    let mut cycle: Vec<_> = finding.locks[..cycle_len(finding)].iter().map(lock_name).collect();
    let least = (0..cycle.len()).min_by_key(|at| &cycle[*at]).unwrap_or(0);
    cycle.rotate_left(least);
    format!(
        "{} {}{reason} {}: {} x{}",
        finding.rule.name(),
        finding.grade.name(),
        finding.level.name(),
        cycle.join(" "),
        finding.count
    )
}

/// How many of the locks are the cycle's; a gate may follow.
pub(crate) fn cycle_len(finding: &Finding) -> usize {
    match finding.refutation {
        Some(Refutation::GateLock { lock })
            if finding.steps.iter().all(|step| step.lock != lock) =>
        {
            lock
        }
        _ => finding.locks.len(),
    }
}

/// The name in the notation; instances are told apart by nothing here.
pub(crate) fn lock_name(lock: &LockInfo) -> String {
    match (&lock.name, lock.type_name.strip_prefix("app::")) {
        (Some(name), _) => name.clone(),
        (None, Some(name)) => name.to_owned(),
        (None, None) => lock.kind.to_owned(),
    }
}

/// What holds for every finding.
fn check_shape(finding: &Finding) {
    assert_eq!(finding.fingerprint.len(), 16);
    assert!(finding.fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert!(!finding.message.is_empty() && !finding.message.ends_with('.'), "{}", finding.message);
    assert!(!finding.help.is_empty() && !finding.help.contains('\n'));
    assert!(finding.processes.is_sorted() && !finding.processes.is_empty());
    assert!(finding.steps.is_sorted_by_key(|step| step.thread));
    for step in &finding.steps {
        assert!(step.thread < finding.threads.len() && step.lock < finding.locks.len());
    }
    for thread in 0..finding.threads.len() {
        let last = finding.steps.iter().rfind(|step| step.thread == thread);
        // In a stall the last thread may wait for nothing that is recorded.
        let is_last = thread + 1 == finding.threads.len();
        // And who keeps a guard over an `await` waits for what is mostly not recorded; who has forgotten it has gone on.
        let keeps = [RuleId::GUARD_ACROSS_AWAIT, RuleId::PERMIT_LEAK].contains(&finding.rule);
        let may_hold = finding.rule == RuleId::STALL && is_last || keeps && thread == 0;
        let kind = last.map(|step| step.kind);
        let fits = kind == Some(StepKind::Wants) || may_hold && kind == Some(StepKind::Holds);
        assert!(fits, "{finding:#?}");
    }
}

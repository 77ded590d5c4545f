//! JUnit, read by a strict XML parser and by a consumer of test reports.

use super::forms::Forms;
use crate::support::Bank;
use junit_parser::TestSuites;
use syncscope_detector::rules;

/// Panics unless the text is a report whose counts are true.
pub(super) fn validate(text: &str) -> TestSuites {
    let document = roxmltree::Document::parse(text).unwrap_or_else(|e| panic!("{e}: {text}"));
    let count = |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count();
    let suites = junit_parser::from_reader(text.as_bytes()).unwrap();
    assert_eq!(suites.suites.len(), 1);
    let suite = &suites.suites[0];
    let counted = [("testcase", suite.tests), ("failure", suite.failures), ("error", suite.errors)];
    for (name, told) in counted {
        assert_eq!(count(name) as u64, told, "{name}");
    }
    assert_eq!(count("skipped") as u64, suite.skipped);
    assert_eq!(suite.cases.len() as u64, suite.tests);
    suites
}

#[test]
fn findings_fail_and_rules_without_one_are_green() {
    let project = Bank::project();
    project.store("1.syncscope", Bank::inverted());
    let suites = validate(Forms::of(&project, &[]).get("junit"));
    let suite = &suites.suites[0];
    assert_eq!((suite.tests, suite.failures), (rules().len() as u64, 1));
    let failed: Vec<_> = suite.cases.iter().filter(|case| case.status.is_failure()).collect();
    let [case] = failed[..] else { panic!("{failed:?}") };
    assert_eq!(case.classname.as_deref(), Some("syncscope.lock-order-inversion"));
    assert_eq!((case.file.as_deref(), case.line), (Some("src/main.rs"), Some(12)));
    let failure = case.status.failure_as_ref();
    assert_eq!(failure.message, "lock order inversion between `LEDGER` and `audit`");
    assert!(failure.text.contains("*** deadlock is possible ***"), "{}", failure.text);
}

#[test]
fn warnings_pass_and_refuted_findings_are_skipped() {
    let project = Bank::project();
    project.store("1.syncscope", Bank::read_again());
    project.store("2.syncscope", Bank::alone());
    let suites = validate(Forms::of(&project, &["--refuted"]).get("junit"));
    let suite = &suites.suites[0];
    assert_eq!((suite.failures, suite.errors, suite.skipped), (0, 0, 1));
    let warned = suite.cases.iter().find(|case| case.system_out.is_some()).unwrap();
    assert_eq!(warned.classname.as_deref(), Some("syncscope.recursive-read"));
}

#[test]
fn checking_nothing_is_an_error() {
    let project = Bank::project();
    let suites = validate(Forms::of(&project, &[]).get("junit"));
    assert_eq!(suites.suites[0].errors, 1);
}

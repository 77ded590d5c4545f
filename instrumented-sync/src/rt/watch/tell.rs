//! Findings as `tracing` events, or as lines on standard error when the program has no subscriber.

use crate::rt::machine::text::{self, Clean};
use crate::rt::shared::runtime::Runtime;
use syncscope_detector::Finding;

/// The target of all events.
const TARGET: &str = "syncscope";

/// A deadlock or stall that was seen, in words. Its text has been on standard error already.
pub(crate) fn observed(rule: &str, text: &str) {
    tracing::error!(target: TARGET, rule, "{}", text.trim_end());
}

/// A long wait or a long hold, in words that are clean already.
pub(crate) fn overdue(runtime: &Runtime, rule: &str, text: &str) {
    tracing::warn!(target: TARGET, rule, "{text}");
    // As below.
    if !runtime.settings.supervised && !tracing::dispatcher::has_been_set() {
        text::to_stderr(&format!("syncscope: {rule}: {text}\n"));
    }
}

/// A finding of the detector.
pub(crate) fn finding(runtime: &Runtime, finding: &Finding) {
    let (rule, grade) = (finding.rule.name(), finding.grade.name());
    tracing::warn!(target: TARGET, rule, grade, fingerprint = %finding.fingerprint, "{}", finding.message);
    // The command reports by itself, and a subscriber has told.
    if runtime.settings.supervised || tracing::dispatcher::has_been_set() {
        return;
    }
    let path = runtime.file.path().display().to_string();
    text::to_stderr(&format!(
        "syncscope: {rule} ({grade}): {}\n  = see: cargo syncscope report {}\n",
        Clean(&finding.message),
        Clean(&path)
    ));
}

//! The order of a finding's steps in the schedule that ends in it.

use syncscope_detector::finding::{Finding, Step, StepKind};

/// First everyone takes what they hold, then those ask who hold nothing (writers that queue), then the others. Each step
/// with its index.
pub(super) fn interleaved(finding: &Finding) -> Vec<(usize, &Step)> {
    let holds_nothing = |thread| {
        !finding.steps.iter().any(|step| step.thread == thread && step.kind == StepKind::Holds)
    };
    let rank = |step: &Step| match step.kind {
        StepKind::Holds => 0,
        StepKind::Wants if holds_nothing(step.thread) => 1,
        StepKind::Wants | StepKind::Reads | StepKind::Writes => 2,
    };
    let mut order: Vec<_> = finding.steps.iter().enumerate().collect();
    order.sort_by_key(|(_, step)| rank(step));
    order
}

//! The wait of a thread that holds a lock.

use syncscope_detector::finding::{Finding, Step, StepKind};

/// What the thread that holds a lock waits for, with the stack of that.
pub(super) fn wait_beside<'a>(finding: &'a Finding, hold: &Step) -> Option<&'a Step> {
    let waits = finding.steps.iter();
    let mut waits = waits.filter(|one| one.thread == hold.thread && one.kind != StepKind::Holds);
    waits.next_back().filter(|wait| !wait.stack.is_empty())
}

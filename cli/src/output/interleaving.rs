//! A finding's steps in the schedule that ends in it: their order, and what is said of each.

use crate::escape;
use syncscope_detector::finding::{Finding, Grade, RuleId, Step, StepKind};

/// The longest words of a step, so that three columns fit into 120.
pub(super) const WIDEST: usize = 36;

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

/// Whether the steps are a cycle of waits.
pub(super) fn has_cycle(finding: &Finding) -> bool {
    finding.grade != Grade::Refuted
        && finding.steps.iter().any(|step| step.kind == StepKind::Wants)
        && (finding.threads.len() > 1 || finding.rule != RuleId::RECURSIVE_READ)
        // Nothing of these is proved to be a cycle.
        && !matches!(
            finding.rule,
            RuleId::DECLARED_ORDER_VIOLATION
                | RuleId::STALL
                | RuleId::BLOCKING_IN_TASK
                | RuleId::PERMIT_LEAK
                | RuleId::LONG_WAIT
                | RuleId::LONG_HOLD
        )
}

/// What the cycle is.
pub(super) const fn ends_in(finding: &Finding) -> &'static str {
    match finding.grade {
        Grade::Observed => "deadlock",
        _ => "deadlock is possible",
    }
}

/// `(2) audit.lock() waits`.
pub(super) fn cell(finding: &Finding, labels: &[String], index: usize, step: &Step) -> String {
    if matches!(step.call, "park" | "sleep") {
        return format!("({}) {}()", index + 1, step.call);
    }
    let of_jobs = match step.call {
        "wait for jobs" => Some("waits for jobs"),
        "run a job" => Some("runs a job"),
        _ => None,
    };
    if let Some(does) = of_jobs {
        return format!("({}) {does}", index + 1);
    }
    let label = labels.get(step.lock).map_or("?", String::as_str);
    let label = match finding.locks.get(step.lock).map(|lock| lock.kind) {
        Some(kind @ ("thread" | "task" | "scope")) => format!("{kind} {label}"),
        _ => label.to_owned(),
    };
    let waits = if step.kind == StepKind::Wants { " waits" } else { "" };
    let number = format!("({}) ", index + 1);
    let call = format!(".{}()", step.call);
    let room = WIDEST.saturating_sub(number.len() + call.len() + waits.len());
    format!("{number}{}{call}{waits}", escape::fit(&label, room))
}

//! `blocking-in-task`: a task blocks the thread that polls it, and with it the tasks behind it.

use super::observed::{self, Sort};
use super::{Group, Input, Rule, RuleMeta, Sink};
use crate::finding::{Grade, Level, RuleId};

pub(super) const RULE: Rule = Rule {
    meta: RuleMeta {
        id: RuleId::BLOCKING_IN_TASK,
        group: Group::Times,
        summary: "a task blocks a worker of its async runtime for long; deny when all workers are blocked so",
        level: Level::Warn,
        grades: &[Grade::Observed],
    },
    check,
};

impl RuleId {
    /// A task blocks a worker of its async runtime for long.
    pub const BLOCKING_IN_TASK: Self = Self::new("blocking-in-task");
}

fn check(input: &Input<'_>, sink: &mut Sink) {
    observed::report(RuleId::BLOCKING_IN_TASK, Sort::Blocking, input, sink);
}

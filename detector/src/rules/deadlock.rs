//! `deadlock`: threads that wait for each other, seen in the run.

use super::observed::{self, Sort};
use super::{Group, Input, Rule, RuleMeta, Sink};
use crate::finding::{Grade, Level, RuleId};

pub(super) const RULE: Rule = Rule {
    meta: RuleMeta {
        id: RuleId::DEADLOCK,
        group: Group::Deadlocks,
        summary: "threads wait for each other and none can ever go on",
        level: Level::Deny,
        grades: &[Grade::Observed],
    },
    check,
};

impl RuleId {
    /// Threads that wait for each other, seen in the run.
    pub const DEADLOCK: Self = Self::new("deadlock");
}

fn check(input: &Input<'_>, sink: &mut Sink) {
    observed::report(RuleId::DEADLOCK, Sort::Several, input, sink);
}

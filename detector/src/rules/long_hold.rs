//! `long-hold`: a thread held a lock longer than is meant, seen in the run.

use super::{Group, Input, Rule, RuleMeta, Sink, overdue};
use crate::finding::{Grade, Level, RuleId};
use syncscope_recording::model::OverdueKind;

pub(super) const RULE: Rule = Rule {
    meta: RuleMeta {
        id: RuleId::LONG_HOLD,
        group: Group::Times,
        summary: "a lock is held very long",
        level: Level::Warn,
        grades: &[Grade::Observed],
    },
    check,
};

impl RuleId {
    /// A lock was held too long.
    pub const LONG_HOLD: Self = Self::new("long-hold");
}

fn check(input: &Input<'_>, sink: &mut Sink) {
    overdue::report(&RULE.meta, OverdueKind::Hold, input, sink);
}

//! `long-wait`: a thread waited longer for a lock than is meant, seen in the run.

use super::{Group, Input, Rule, RuleMeta, Sink, overdue};
use crate::finding::{Grade, Level, RuleId};
use syncscope_recording::model::OverdueKind;

pub(super) const RULE: Rule = Rule {
    meta: RuleMeta {
        id: RuleId::LONG_WAIT,
        group: Group::Times,
        summary: "a thread waits very long for a lock",
        level: Level::Warn,
        grades: &[Grade::Observed],
    },
    check,
};

impl RuleId {
    /// A thread waited too long for a lock.
    pub const LONG_WAIT: Self = Self::new("long-wait");
}

fn check(input: &Input<'_>, sink: &mut Sink) {
    overdue::report(&RULE.meta, OverdueKind::Wait, input, sink);
}

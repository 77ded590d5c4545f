//! `check-then-act`: a thread reads under a lock and writes under it later, and another one has written in between.

use super::{Group, Input, Rule, RuleMeta, Sink, raced_memory};
use crate::finding::{Grade, Level, RuleId};
use syncscope_recording::model::MemoryRaceKind;

pub(super) const RULE: Rule = Rule {
    meta: RuleMeta {
        id: RuleId::CHECK_THEN_ACT,
        group: Group::Races,
        summary: "a thread reads under a lock and writes under it later, and another one has written in between",
        level: Level::Warn,
        grades: &[Grade::Observed],
    },
    check,
};

impl RuleId {
    /// A write under a lock over what another thread has written since the read under it.
    pub const CHECK_THEN_ACT: Self = Self::new("check-then-act");
}

fn check(input: &Input<'_>, sink: &mut Sink) {
    raced_memory::report(&RULE.meta, MemoryRaceKind::CheckThenAct, input, sink);
}

//! `data-race`: accesses that nothing orders, seen in the run.

use super::{Group, Input, Rule, RuleMeta, Sink, raced, raced_memory};
use crate::finding::{Grade, Level, RuleId};
use syncscope_recording::model::{MemoryRaceKind, RaceKind};

pub(super) const RULE: Rule = Rule {
    meta: RuleMeta {
        id: RuleId::DATA_RACE,
        group: Group::Races,
        summary: "two threads access a place, one of them writes, and nothing orders the two",
        level: Level::Deny,
        grades: &[Grade::Observed],
    },
    check,
};

impl RuleId {
    /// Accesses that nothing orders, seen in the run.
    pub const DATA_RACE: Self = Self::new("data-race");
}

fn check(input: &Input<'_>, sink: &mut Sink) {
    let is_ours = |kind| kind == RaceKind::DataRace;
    raced::report(&RULE.meta, is_ours, input, sink);
    raced_memory::report(&RULE.meta, MemoryRaceKind::DataRace, input, sink);
}

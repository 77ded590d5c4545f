//! `unprotected-access`: accesses of a shared place that no lock protects from each other.

use super::{Group, Input, Rule, RuleMeta, Sink, raced, raced_memory};
use crate::finding::{Grade, Level, RuleId};
use syncscope_recording::model::{MemoryRaceKind, RaceKind};

pub(super) const RULE: Rule = Rule {
    meta: RuleMeta {
        id: RuleId::UNPROTECTED_ACCESS,
        group: Group::Races,
        summary: "no lock protects the accesses of a shared place from each other",
        level: Level::Warn,
        grades: &[Grade::Possible],
    },
    check,
};

impl RuleId {
    /// Accesses of a shared place that no lock protects from each other.
    pub const UNPROTECTED_ACCESS: Self = Self::new("unprotected-access");
}

fn check(input: &Input<'_>, sink: &mut Sink) {
    let is_ours = |kind| matches!(kind, RaceKind::Unprotected | RaceKind::Undeclared);
    raced::report(&RULE.meta, is_ours, input, sink);
    raced_memory::report(&RULE.meta, MemoryRaceKind::Unprotected, input, sink);
}

//! `lost-update`: a thread stores to an atomic what it has worked out from a load, over another thread's store.

use super::{Group, Input, Rule, RuleMeta, Sink, raced_memory};
use crate::finding::{Grade, Level, RuleId};
use syncscope_recording::model::MemoryRaceKind;

pub(super) const RULE: Rule = Rule {
    meta: RuleMeta {
        id: RuleId::LOST_UPDATE,
        group: Group::Races,
        summary: "a thread stores to an atomic what it has worked out from a load, over another thread's store",
        level: Level::Warn,
        grades: &[Grade::Observed],
    },
    check,
};

impl RuleId {
    /// A store to an atomic over what another thread has stored since the load before it.
    pub const LOST_UPDATE: Self = Self::new("lost-update");
}

fn check(input: &Input<'_>, sink: &mut Sink) {
    raced_memory::report(&RULE.meta, MemoryRaceKind::LostUpdate, input, sink);
}

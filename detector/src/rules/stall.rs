//! `stall`: nothing moves any more, though no cycle can be proved.

use super::observed::{self, Sort};
use super::{Group, Input, Rule, RuleMeta, Sink};
use crate::finding::{Grade, Level, RuleId};

pub(super) const RULE: Rule = Rule {
    meta: RuleMeta {
        id: RuleId::STALL,
        group: Group::Deadlocks,
        summary: "nothing moves any more, though no cycle can be proved; deny when it ended the process",
        level: Level::Warn,
        grades: &[Grade::Observed],
    },
    check,
};

impl RuleId {
    /// Nothing moves any more, though no cycle can be proved.
    pub const STALL: Self = Self::new("stall");
}

fn check(input: &Input<'_>, sink: &mut Sink) {
    observed::report(RuleId::STALL, Sort::Still, input, sink);
}

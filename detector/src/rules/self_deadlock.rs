//! `self-deadlock`: a thread that waits for itself, seen in the run: a lock taken again, a read upgraded to a write,
//! an initialiser that needs its own result, a thread that joins itself.

use super::observed::{self, Sort};
use super::{Group, Input, Rule, RuleMeta, Sink};
use crate::finding::{Grade, Level, RuleId};

pub(super) const RULE: Rule = Rule {
    meta: RuleMeta {
        id: RuleId::SELF_DEADLOCK,
        group: Group::Deadlocks,
        summary: "a thread waits for something that only itself could give",
        level: Level::Deny,
        grades: &[Grade::Observed],
    },
    check,
};

impl RuleId {
    /// A thread that waits for itself, seen in the run.
    pub const SELF_DEADLOCK: Self = Self::new("self-deadlock");
}

fn check(input: &Input<'_>, sink: &mut Sink) {
    observed::report(RuleId::SELF_DEADLOCK, Sort::Alone, input, sink);
}

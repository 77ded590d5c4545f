//! What is known of each rule without running it.

use crate::finding::{Grade, Level, RuleId};

/// A rule, for lists and for `explain`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleMeta {
    /// Which.
    pub id: RuleId,
    /// One line: what it finds.
    pub summary: &'static str,
    /// The level of findings that were observed, predicted or possible.
    pub level: Level,
    /// The grades it gives.
    pub grades: &'static [Grade],
}

/// All rules, in the order of [`RuleId::ALL`].
pub const META: [RuleMeta; 10] = [
    RuleMeta {
        id: RuleId::Deadlock,
        summary: "threads wait for each other and none can ever go on",
        level: Level::Deny,
        grades: &[Grade::Observed],
    },
    RuleMeta {
        id: RuleId::SelfDeadlock,
        summary: "a thread waits for something that only itself could give",
        level: Level::Deny,
        grades: &[Grade::Observed],
    },
    RuleMeta {
        id: RuleId::LockOrderInversion,
        summary: "locks are taken in orders that form a cycle",
        level: Level::Deny,
        grades: &[Grade::Possible, Grade::Refuted],
    },
    RuleMeta {
        id: RuleId::DeclaredOrderViolation,
        summary: "a lock is taken while one is held that is declared to come after it",
        level: Level::Deny,
        grades: &[Grade::Observed],
    },
    RuleMeta {
        id: RuleId::RecursiveRead,
        summary: "a reader reads again while a writer may be queued in between",
        level: Level::Warn,
        grades: &[Grade::Possible, Grade::Refuted],
    },
    RuleMeta {
        id: RuleId::DataRace,
        summary: "two threads access a place, one of them writes, and nothing orders the two",
        level: Level::Deny,
        grades: &[Grade::Observed],
    },
    RuleMeta {
        id: RuleId::UnprotectedAccess,
        summary: "no lock protects the accesses of a shared place from each other",
        level: Level::Warn,
        grades: &[Grade::Possible],
    },
    RuleMeta {
        id: RuleId::Stall,
        summary: "nothing moves any more, though no cycle can be proved; deny when it ended the process",
        level: Level::Warn,
        grades: &[Grade::Observed],
    },
    RuleMeta {
        id: RuleId::LongWait,
        summary: "a thread waits very long for a lock",
        level: Level::Warn,
        grades: &[Grade::Observed],
    },
    RuleMeta {
        id: RuleId::LongHold,
        summary: "a lock is held very long",
        level: Level::Warn,
        grades: &[Grade::Observed],
    },
];

impl RuleId {
    /// What is known of the rule.
    #[must_use]
    pub const fn meta(self) -> &'static RuleMeta {
        // The table is in the order of the variants, which a test checks.
        &META[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RULES;

    #[test]
    fn table_rules_and_ids_agree() {
        for (id, rule) in RuleId::ALL.into_iter().zip(RULES) {
            assert_eq!(id.meta().id, id);
            assert_eq!(rule.id(), id);
        }
    }
}

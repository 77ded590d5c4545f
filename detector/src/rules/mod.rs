//! The rules: one file each, which owns all that is known of it, listed in one table.

mod blocking_in_task;
mod check_then_act;
mod cycle_text;
mod data_race;
mod deadlock;
mod declared_order_violation;
mod futurelock;
mod group_again;
mod guard_across_await;
mod hangs_on;
mod held_across_pool;
mod kept_asleep;
mod lock_order_inversion;
mod long_hold;
mod long_wait;
mod lost_update;
mod meta;
mod observed;
mod order_to_take;
mod overdue;
mod permit_leak;
mod raced;
mod raced_memory;
mod recursive_read;
mod refute;
mod rule;
mod self_deadlock;
mod stall;
mod unprotected_access;

pub use meta::{Group, RuleMeta};
pub(crate) use rule::{Draft, Input, Rule, Sink};

use crate::finding::RuleId;

/// The rules in the order they run in: those that observe come first, so that predictions need not repeat them. Lists have
/// them in this order, too.
pub(crate) const RULES: &[Rule] = &[
    deadlock::RULE,
    self_deadlock::RULE,
    futurelock::RULE,
    lock_order_inversion::RULE,
    held_across_pool::RULE,
    guard_across_await::RULE,
    permit_leak::RULE,
    declared_order_violation::RULE,
    recursive_read::RULE,
    data_race::RULE,
    unprotected_access::RULE,
    lost_update::RULE,
    check_then_act::RULE,
    stall::RULE,
    blocking_in_task::RULE,
    long_wait::RULE,
    long_hold::RULE,
];

/// What is known of all rules, in the order of lists.
pub fn rules() -> impl ExactSizeIterator<Item = &'static RuleMeta> {
    RULES.iter().map(|rule| &rule.meta)
}

impl RuleId {
    /// The rule of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        rules().map(|rule| rule.id).find(|id| id.name() == name)
    }

    /// Whether it is one of those that tell deadlocks which were seen.
    #[must_use]
    pub fn is_deadlock(self) -> bool {
        matches!(self, Self::DEADLOCK | Self::SELF_DEADLOCK | Self::FUTURELOCK)
    }

    /// Its place in lists.
    #[must_use]
    pub fn rank(self) -> usize {
        rules().position(|rule| rule.id == self).unwrap_or(RULES.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_has_a_name_of_its_own_and_a_grade() {
        for (rank, rule) in rules().enumerate() {
            assert_eq!((rule.id.rank(), RuleId::named(rule.id.name())), (rank, Some(rule.id)));
            assert!(!rule.grades.is_empty(), "{}", rule.id.name());
            assert!(Group::ALL.iter().all(|group| group.name() != rule.id.name()));
        }
    }
}

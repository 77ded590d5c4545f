//! The rules: one file each, behind one trait, listed in one table.

mod cycle_text;
mod data_race;
mod deadlock;
mod declared_order_violation;
mod lock_order_inversion;
mod long_hold;
mod long_wait;
mod meta;
mod observed;
mod overdue;
mod raced;
mod recursive_read;
mod refute;
mod rule;
mod self_deadlock;
mod stall;
mod unprotected_access;

pub use meta::{META, RuleMeta};
pub(crate) use rule::{Draft, Input, Rule, Sink};

/// The rules in the order they run in: those that observe come first, so that predictions need not repeat them.
pub(crate) const RULES: [&dyn Rule; 10] = [
    &deadlock::DeadlockRule,
    &self_deadlock::SelfDeadlockRule,
    &lock_order_inversion::LockOrderInversion,
    &declared_order_violation::DeclaredOrderViolation,
    &recursive_read::RecursiveRead,
    &data_race::DataRace,
    &unprotected_access::UnprotectedAccess,
    &stall::Stall,
    &long_wait::LongWait,
    &long_hold::LongHold,
];

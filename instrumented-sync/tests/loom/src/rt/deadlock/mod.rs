//! The wait-for check itself.

#[path = "../../../../../src/rt/deadlock/arms.rs"]
mod arms;
mod asleep;
mod calls;
#[path = "../../../../../src/rt/deadlock/wait_for.rs"]
pub(crate) mod wait_for;

//! The wait-for check itself.

mod asleep;
#[path = "../../../../../src/rt/deadlock/wait_for.rs"]
pub(crate) mod wait_for;

//! Deadlocks that a thread finds before it blocks: [`wait_for`] has the check, [`verdict`] the consequence.

mod asleep;
pub(crate) mod permits;
pub(crate) mod verdict;
pub(crate) mod wait_for;

//! Deadlocks that a thread finds before it blocks: [`wait_for`] has the check, [`verdict`] the consequence.

mod arms;
mod asleep;
mod calls;
mod of_task;
pub(crate) mod permits;
pub(crate) mod verdict;
pub(crate) mod wait_for;

pub(crate) use of_task::of_task;

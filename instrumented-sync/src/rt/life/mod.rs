//! Beginnings and ends.
//!
//! - Of the runtime: [`start`], [`exit`]. Of a process: [`fork`], [`inherit`]. Of a thread: [`attach`], [`company`] (the second one).
//! - Of a hook: [`enter`]. Of a poll of a task: [`task`]; [`hand_on`].

pub(crate) mod attach;
pub(crate) mod awaits;
mod called;
pub(crate) mod company;
pub(crate) mod enter;
pub(crate) mod exit;
pub(crate) mod fork;
pub(crate) mod hand_on;
pub(crate) mod inherit;
mod polled;
pub(crate) mod start;
pub(crate) mod task;

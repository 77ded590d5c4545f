//! Beginnings and ends.
//!
//! - Of the runtime: [`start`], [`exit`]. Of a process: [`fork`], [`inherit`]. Of a thread: [`attach`], [`company`] (the second one).
//! - Of a hook: [`enter`]. Of a poll: [`task`], [`arm`]; [`sleep`], [`listed`].
//! - Of a task's state: [`task_state`]. What goes to others: [`hand_on`], [`hands`], [`left`].

pub(crate) mod arm;
pub(crate) mod attach;
pub(crate) mod awaits;
mod called;
pub(crate) mod company;
pub(crate) mod enter;
pub(crate) mod exit;
pub(crate) mod fork;
pub(crate) mod hand_on;
mod hands;
pub(crate) mod inherit;
mod left;
mod listed;
mod polled;
mod sleep;
pub(crate) mod start;
pub(crate) mod task;
pub(crate) mod task_state;

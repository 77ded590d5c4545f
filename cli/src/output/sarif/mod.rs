//! SARIF 2.1.0, with what GitHub's code scanning wants beyond the standard.
//!
//! A finding is a result. Its threads are the thread flows of one code flow, and the steps carry the order of execution
//! across threads, so that a viewer walks through the schedule that deadlocks.

mod convert;
mod shape;

pub(super) use convert::log;

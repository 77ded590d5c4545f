//! Findings from deadlocks and stalls that the runtime observed: [`finding`] makes them, with [`notes`] and [`help`].

mod finding;
mod help;
mod notes;

pub(super) use finding::{Sort, report};

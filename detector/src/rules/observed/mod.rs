//! Findings from deadlocks and stalls that the runtime observed: [`finding`] makes them, with [`notes`] and [`help`].

mod causes;
mod finding;
mod givers;
mod help;
mod notes;

pub(super) use finding::{Sort, report};

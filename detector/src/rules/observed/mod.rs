//! Findings from deadlocks and stalls that the runtime observed: [`finding`] makes them, with [`notes`] and [`help`].

mod behind;
mod causes;
mod exhausted;
mod finding;
mod full;
mod givers;
pub(super) mod handed;
pub(super) mod help;
mod message;
mod notes;

pub(super) use finding::{Sort, report};

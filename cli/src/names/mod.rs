//! Names for locks that have none: what the source calls them. Presentation only, no fingerprint rests on it.

mod creation;
mod label;
mod tokens;
mod usage;

pub use label::{LockFacts, created, label, labels, short_type};

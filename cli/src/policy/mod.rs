//! What findings may do: levels, scope, what is allowed on purpose, what was accepted before.
//!
//! The detector says what is so; the policy says what fails. It takes findings out or changes their level, and never changes
//! what they say. In this order: [`Levels`], [`Scope`], [`Allow`], [`Baseline`].

mod allow;
mod baseline;
mod config;
mod date;
mod glob;
mod judge;
mod level;
mod scope;

pub use allow::Allow;
pub use baseline::{Baseline, BaselineError, Change, Entry};
pub(crate) use config::{PolicyFile, parse as parse_key};
pub use date::Date;
pub use judge::{By, Judged, Policy, Remark, Suppressed, UNUSED_ALLOW};
pub use level::{Levels, Selector};
pub use scope::Scope;

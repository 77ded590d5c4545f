//! What findings may do: levels, scope, what is allowed on purpose, what was accepted before.
//!
//! The detector says what is so; the policy says what fails. It takes findings out or changes their level, and never changes
//! what they say. In this order: [`Levels`], [`Scope`], [`Allow`], [`Baseline`].

mod allow;
mod baseline;
mod config;
mod date;
mod evidence;
mod glob;
mod incomplete;
mod judge;
mod level;
mod own_rules;
mod scope;

pub use allow::Allow;
pub use baseline::{Baseline, BaselineError, Change, Entry};
pub(crate) use config::{PolicyFile, parse as parse_key};
pub use date::Date;
pub use evidence::Evidence;
pub use incomplete::{Incomplete, lost};
pub use judge::{By, Judged, Policy, Suppressed};
pub use level::{Levels, Selector};
pub use own_rules::{OwnRule, Remark};
pub use scope::Scope;

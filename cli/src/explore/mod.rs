//! Schedules of a program that we choose: tries many, and makes one that fails short enough to read.
//!
//! - [`Subject`]: what is run: a program, or one test of a test binary.
//! - [`Bench`]: runs it once by a plan; [`Failure`]: whether that went wrong.
//! - [`mix`](fn@mix): which strategy each run has; [`Seen`]: whether it brought anything new.
//! - [`Confirmation`]: what came of steering towards a finding.
//! - [`shorten`](fn@shorten): a failing schedule with fewer switches.
//! - [`ReplayFile`]: what is kept of it; [`Shown`] and [`columns`](fn@columns): how it is shown.

mod bench;
mod columns;
mod confirm_error;
mod confirmation;
mod failure;
mod mix;
mod replay_file;
mod seen;
mod shorten;
mod shown;
mod subject;

pub use bench::{Bench, How, Ran};
pub use columns::{Line, columns};
pub use confirm_error::ConfirmError;
pub use confirmation::{Confirmation, Reached};
pub use failure::Failure;
pub use mix::{Choice, Mix, mix};
pub use replay_file::{ReplayError, ReplayFile};
pub use seen::Seen;
pub use shorten::shorten;
pub use shown::Shown;
pub use subject::Subject;

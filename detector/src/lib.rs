//! Finds deadlocks, order inversions and (later) races in recordings.
//!
//! [`analyze`] is a pure function: recordings in, findings out. No I/O, no clock, no threads, no globals, no `unsafe`;
//! the same input gives the same output, to the byte.
#![forbid(unsafe_code)]

pub mod finding;

pub use finding::{Analysis, Coverage, Finding, Grade, Level, RuleId};
use syncscope_recording::Recording;

/// How to analyse.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Show refuted findings too (level `allow`).
    pub refuted: bool,
}

/// Gives a place in the source a key that survives moved code, for fingerprints. The command implements it with the
/// source text; without the text the default is file and line.
pub trait SiteKeys {
    /// The key of a place.
    fn key(&self, file: &str, line: u32, column: u32) -> String;
}

/// File, line and column as they are.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainSites;

impl SiteKeys for PlainSites {
    fn key(&self, file: &str, line: u32, column: u32) -> String {
        format!("{file}:{line}:{column}")
    }
}

/// Applies all rules to all recordings, each by itself and all together.
#[must_use]
pub fn analyze(recordings: &[Recording], options: &Options, keys: &dyn SiteKeys) -> Analysis {
    let _ = (recordings, options, keys);
    Analysis::default()
}

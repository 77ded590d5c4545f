//! Finds deadlocks, order inversions and (later) races in recordings.
//!
//! [`analyze`] is a pure function: recordings in, findings out. No I/O, no clock, no threads, no globals, no `unsafe`;
//! the same input gives the same output, to the byte.
#![forbid(unsafe_code)]

mod class_graph;
mod collect;
mod coverage;
mod declared;
pub mod finding;
mod fingerprint;
pub mod graph;
mod merged;
pub mod must_order;
mod order;
pub mod race;
mod rules;
mod text;
pub mod waitfor;

pub use class_graph::{ClassEdge, ClassGraph, LockClass, class_graph};
pub use declared::DeclaredOrder;
pub use finding::{Analysis, Coverage, Finding, Grade, Level, RuleId};
pub use fingerprint::stable_hash;
pub use rules::{META, RuleMeta};

use merged::Merged;
use rules::{Input, RULES, Sink};
use syncscope_recording::Recording;

/// How to analyse.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Show refuted findings too (level `allow`).
    pub refuted: bool,
    /// Declared lock orders, beside those that the programs declared themselves.
    pub orders: Vec<DeclaredOrder>,
}

/// Gives a place in the source a key that survives moved code, for fingerprints. The command implements it with the
/// source text; without the text the default is file and line.
pub trait SiteKeys {
    /// The key of a place.
    fn key(&self, file: &str, line: u32, column: u32) -> String;

    /// What the source calls the lock that is created at a place. For texts only: identities and fingerprints never
    /// depend on it.
    fn lock_name(&self, file: &str, line: u32, column: u32) -> Option<String> {
        let _ = (file, line, column);
        None
    }
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
///
/// Cost: linear in the nodes (times their depth) as long as the lock order has no cycles. Cycles are enumerated and
/// their contexts compared within fixed bounds; what lies beyond them is told in [`Coverage::losses`] and in notes.
#[must_use]
pub fn analyze(recordings: &[Recording], options: &Options, keys: &dyn SiteKeys) -> Analysis {
    let view = Merged::new(recordings, keys);
    let input = Input { view: &view, options };
    let mut sink = Sink::default();
    for rule in RULES {
        rule.check(&input, &mut sink);
    }
    let mut coverage = coverage::coverage(&view);
    coverage.losses.append(&mut sink.losses);
    Analysis { findings: collect::collect(sink.drafts), coverage }
}

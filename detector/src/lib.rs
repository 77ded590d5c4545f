//! Finds deadlocks, order inversions and data races in recordings.
//!
//! [`analyze`] is a pure function: recordings in, findings out. No I/O, no clock, no threads, no globals, no `unsafe`;
//! the same input gives the same output, to the byte.
#![forbid(unsafe_code)]

mod class_graph;
mod collect;
pub mod contention;
mod coverage;
mod declared;
pub mod finding;
mod fingerprint;
pub mod graph;
mod merged;
pub mod must_order;
mod options;
mod order;
pub mod pool;
pub mod race;
mod rules;
mod sites;
mod text;
pub mod waitfor;

pub use class_graph::{ClassEdge, ClassGraph, EdgeSites, LockClass, class_graph};
pub use declared::DeclaredOrder;
pub use finding::{Analysis, Coverage, Finding, Grade, Level, RuleId, Unused, UnusedName};
pub use fingerprint::stable_hash;
pub use options::Options;
pub use rules::{Group, RuleMeta, rules};
pub use sites::{PlainSites, SiteKeys};

use declared::Declared;
use merged::Merged;
use rules::{Input, RULES, Sink};
use syncscope_recording::Recording;

/// Applies all rules to all recordings, each by itself and all together.
///
/// Cost: linear in the nodes (times their depth) as long as the lock order has no cycles. Cycles are enumerated and
/// their contexts compared within fixed bounds; what lies beyond them is told in [`Coverage::losses`] and in notes.
#[must_use]
pub fn analyze(recordings: &[Recording], options: &Options, keys: &dyn SiteKeys) -> Analysis {
    let view = Merged::new(recordings, keys);
    let declared = declared::gather(&options.orders, recordings);
    let declared = Declared::new(&declared, recordings, keys);
    let input = Input { view: &view, options, declared: &declared };
    let mut sink = Sink::default();
    for rule in RULES {
        (rule.check)(&input, &mut sink);
    }
    let mut coverage = coverage::coverage(&view);
    coverage.losses.append(&mut sink.losses);
    let unused_names = sink.unused_names;
    Analysis { findings: collect::collect(sink.drafts, keys), coverage, unused_names }
}

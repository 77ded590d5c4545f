//! Two runs beside each other: which orders, findings and waits are new, gone or changed.
//!
//! Everything is known by what survives moved code: classes and findings by their keys, as in a baseline. What was not seen in
//! one run may still be there: a comparison is about what the runs did, not about what the programs can do.

mod orders;
mod waits;

pub use orders::{Order, OrderSet};
pub use waits::{ChangedWait, NamedWaits, WaitSums, Waits};

use crate::policy::{Baseline, Change, Entry};
use crate::source::Sources;
use syncscope_detector::{Finding, Grade};
use syncscope_recording::Recording;

/// One of the two runs.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// What was recorded.
    pub recordings: &'a [Recording],
    /// How long its threads waited.
    pub waits: &'a Waits,
    /// Its source text.
    pub sources: &'a Sources,
    /// What was found, as the policy left it.
    pub findings: &'a [Finding],
}

/// What differs.
#[derive(Debug)]
pub struct Difference<'a> {
    /// Orders that only the new run has.
    pub new_orders: Vec<Order>,
    /// Orders that only the old run has.
    pub gone_orders: Vec<Order>,
    /// Findings that only the new run has.
    pub new_findings: Vec<&'a Finding>,
    /// Findings that only the old run has.
    pub gone_findings: Vec<&'a Finding>,
    /// Waits for locks; `None` where a run has no events, from which they are told.
    pub waits: Option<Vec<ChangedWait>>,
}

impl<'a> Difference<'a> {
    /// Compares.
    #[must_use]
    pub fn between(old: Run<'a>, new: Run<'a>) -> Self {
        let (before, after) = (OrderSet::of(old), OrderSet::of(new));
        let (new_findings, gone_findings) = findings(old, new);
        Self {
            new_orders: after.without(&before),
            gone_orders: before.without(&after),
            new_findings,
            gone_findings,
            waits: (old.waits.named(old.sources).zip(new.waits.named(new.sources)))
                .map(|(old, new)| new.changed_from(&old)),
        }
    }

    /// Whether the runs did the same, as far as orders and findings go. Waits never are the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.new_orders.is_empty()
            && self.gone_orders.is_empty()
            && self.new_findings.is_empty()
            && self.gone_findings.is_empty()
    }
}

/// The findings of one run that the other has not. The old ones are the baseline for the new ones.
fn findings<'a>(old: Run<'a>, new: Run<'a>) -> (Vec<&'a Finding>, Vec<&'a Finding>) {
    let counted = |run: Run<'a>| -> Vec<&'a Finding> {
        run.findings.iter().filter(|finding| finding.grade != Grade::Refuted).collect()
    };
    let (before, after) = (counted(old), counted(new));
    // Each entry is one finding, in the same order.
    let (baseline, _) =
        Baseline::default().changed(Change::Update, &before, old.sources, &Entry::default());
    let entries = baseline.entries_of(&after, new.sources);
    let is_gone = |index: &usize| !entries.contains(&Some(*index));
    let gone = (0..before.len()).filter(is_gone).map(|index| before[index]).collect();
    let is_new =
        |(finding, entry): (&'a Finding, &Option<usize>)| entry.is_none().then_some(finding);
    let new = after.iter().copied().zip(&entries).filter_map(is_new).collect();
    (new, gone)
}

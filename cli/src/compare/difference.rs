//! What differs between two runs.

use super::measured::{changed_holds, changed_waits, measured};
use super::orders::{Order, OrderSet};
use super::run::Run;
use super::waits::ChangedWait;
use crate::policy::{Baseline, Change, Entry, Evidence};
use syncscope_detector::{Finding, Grade, Options};

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
    /// Waits for locks; `None` where a run has neither measured them nor kept events, from which they are told otherwise.
    pub waits: Option<Vec<ChangedWait>>,
    /// How long locks were held; `None` where a run has not measured it.
    pub holds: Option<Vec<ChangedWait>>,
}

impl<'a> Difference<'a> {
    /// Compares.
    #[must_use]
    pub fn between(old: Run<'a>, new: Run<'a>) -> Self {
        let (before, after) = (OrderSet::of(old), OrderSet::of(new));
        let (new_findings, gone_findings) = findings(old, new);
        let measured = measured(old.contention, new.contention);
        let of_events = || {
            let both = old.waits.named(old.sources).zip(new.waits.named(new.sources));
            both.map(|(old, new)| new.changed_from(&old))
        };
        Self {
            new_orders: after.without(&before),
            gone_orders: before.without(&after),
            new_findings,
            gone_findings,
            waits: measured.as_deref().map(changed_waits).or_else(of_events),
            holds: measured.as_deref().map(changed_holds),
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
        Baseline::default().changed(Change::Update, &before, &evidence(old), &Entry::default());
    let entries = baseline.entries_of(&after, &evidence(new));
    let is_gone = |index: &usize| !entries.contains(&Some(*index));
    let gone = (0..before.len()).filter(is_gone).map(|index| before[index]).collect();
    let is_new =
        |(finding, entry): (&'a Finding, &Option<usize>)| entry.is_none().then_some(finding);
    let new = after.iter().copied().zip(&entries).filter_map(is_new).collect();
    (new, gone)
}

/// Both runs are judged by one version, so nobody asks for more.
fn evidence(run: Run<'_>) -> Evidence<'_> {
    Evidence::new(run.sources, run.recordings, None, Options::default())
}

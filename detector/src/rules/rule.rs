//! What a rule is, gets and gives.

use super::meta::RuleMeta;
use crate::declared::Declared;
use crate::finding::{Finding, UnusedName};
use crate::merged::{LockId, Merged};
use crate::options::Options;

/// A rule: what is known of it, and what it does.
pub(crate) struct Rule {
    pub(crate) meta: RuleMeta,
    /// Looks at the recordings and reports everything it finds.
    pub(crate) check: fn(&Input<'_>, &mut Sink),
}

/// What all rules look at.
pub(crate) struct Input<'a> {
    pub(crate) view: &'a Merged<'a>,
    pub(crate) options: &'a Options,
    pub(crate) declared: &'a Declared<'a>,
}

/// A finding, and what the other rules need of it.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) finding: Finding,
    /// See [`crate::fingerprint::shape`].
    pub(crate) shape: u64,
    /// The locks it is about, sorted; empty when it is about other things too.
    pub(crate) locks: Vec<LockId>,
    /// How many cycles of instances it stands for.
    pub(crate) cycles: u64,
}

/// Where findings go.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    pub(crate) drafts: Vec<Draft>,
    /// What was left out of the analysis, for the coverage.
    pub(crate) losses: Vec<String>,
    /// Names in declared orders that check nothing.
    pub(crate) unused_names: Vec<UnusedName>,
}

impl Sink {
    /// The draft that already covers a cycle: of the same shape, or over the same locks.
    pub(crate) fn covering(&mut self, shape: u64, locks: &[LockId]) -> Option<&mut Draft> {
        self.drafts.iter_mut().find(|draft| {
            draft.finding.rule.is_deadlock()
                && (draft.shape == shape || (!locks.is_empty() && draft.locks == locks))
        })
    }
}

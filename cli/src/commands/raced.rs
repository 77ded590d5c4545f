//! Which data races of one run fail.

use super::Context;
use super::inspect::{Examined, Refuted};
use crate::policy::Policy;
use crate::recordings::Keep;
use std::collections::BTreeSet;
use std::path::Path;
use syncscope_detector::{DeclaredOrder, Level, RuleId};
use syncscope_recording::Recording;

/// Judges races as the report does at the end.
pub(super) struct Raced<'a> {
    pub(super) context: &'a Context,
    pub(super) policy: &'a Policy,
    pub(super) orders: &'a [DeclaredOrder],
}

impl Raced<'_> {
    /// The ids of the races that fail, of the recordings in a folder. They are looked at closely only where there are any.
    pub(super) fn of(&self, folder: &Path, recordings: &[Recording]) -> BTreeSet<String> {
        if recordings.iter().all(|one| one.memory_races.is_empty() && one.races.is_empty()) {
            return BTreeSet::new();
        }
        let files = crate::recordings::find(&[folder.to_owned()]).unwrap_or_default();
        let orders = (self.orders.to_vec(), Refuted::No);
        let examined =
            Examined::new(self.context, (&files, Keep::Findings), orders, &[], self.policy);
        let findings = examined.analysis.findings.into_iter();
        let fail = findings.filter(|one| one.rule == RuleId::DATA_RACE && one.level == Level::Deny);
        fail.map(|finding| finding.fingerprint).collect()
    }
}

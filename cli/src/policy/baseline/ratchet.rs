//! Which finding is which entry, and what becomes of the entries.

use super::file::{Baseline, Entry};
use super::key::Keys;
use crate::escape;
use crate::policy::Evidence;
use std::collections::BTreeSet;
use syncscope_detector::Finding;

/// How entries change with what was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// What is new is added.
    Update,
    /// What was not seen is dropped.
    Prune,
}

impl Baseline {
    /// For each finding the index of its entry.
    #[must_use]
    pub fn entries_of(&self, findings: &[&Finding], evidence: &Evidence<'_>) -> Vec<Option<usize>> {
        let keys: Vec<Keys> = findings.iter().map(|finding| Keys::of(finding, evidence)).collect();
        let mut found = vec![None; findings.len()];
        let mut free: BTreeSet<usize> = (0..self.entries.len()).collect();
        type IsSame<'a> = dyn Fn(&Entry, &Keys, &Finding) -> bool + 'a;
        let exact: &IsSame<'_> = &|entry, keys, _| entry.fingerprint == keys.fingerprint;
        // Later versions write down the places, too.
        let former: &IsSame<'_> = &|entry, _, finding| {
            entry.place.is_none() && evidence.former(finding) == Some(&entry.fingerprint)
        };
        let moved: &IsSame<'_> =
            &|entry, keys, _| entry.moved.is_some() && entry.moved == keys.moved;
        let locks: &IsSame<'_> =
            &|entry, keys, _| entry.locks.is_some() && entry.locks == keys.locks;
        let blind = |entry: &Entry, keys: &Keys| entry.moved.is_none() || keys.moved.is_none();
        let place: &IsSame<'_> = &|entry, keys, _| {
            blind(entry, keys) && entry.place.is_some() && entry.place == keys.place
        };
        let functions: &IsSame<'_> = &|entry, keys, _| {
            blind(entry, keys) && entry.functions.is_some() && entry.functions == keys.functions
        };
        for is_same in [exact, former, moved, locks, place, functions] {
            for (finding, keys) in keys.iter().enumerate() {
                if found[finding].is_some() {
                    continue;
                }
                let fits = |&&entry: &&usize| {
                    let entry = &self.entries[entry];
                    entry.rule == findings[finding].rule.name()
                        && is_same(entry, keys, findings[finding])
                };
                if let Some(&entry) = free.iter().find(fits) {
                    free.remove(&entry);
                    found[finding] = Some(entry);
                }
            }
        }
        found
    }

    /// The entries after a change. Those that were seen get the keys and words of what was found; all keep reason, owner and
    /// expiry. New ones get those of `template`. Also how many are new.
    #[must_use]
    pub fn changed(
        &self,
        change: Change,
        findings: &[&Finding],
        evidence: &Evidence<'_>,
        template: &Entry,
    ) -> (Self, usize) {
        let known = self.entries_of(findings, evidence);
        let mut entries = Vec::new();
        let mut new = 0;
        for (finding, known) in findings.iter().zip(&known) {
            let said = match (known, change) {
                (Some(entry), _) => &self.entries[*entry],
                (None, Change::Update) => {
                    new += 1;
                    template
                }
                (None, Change::Prune) => continue,
            };
            entries.push(entry(finding, evidence, said));
        }
        if change == Change::Update {
            let seen: BTreeSet<usize> = known.into_iter().flatten().collect();
            let unseen = (0..self.entries.len()).filter(|index| !seen.contains(index));
            entries.extend(unseen.map(|index| self.entries[index].clone()));
        }
        (Self { path: self.path.clone(), entries }, new)
    }
}

fn entry(finding: &Finding, evidence: &Evidence<'_>, said: &Entry) -> Entry {
    let Keys { fingerprint, moved, locks, place, functions } = Keys::of(finding, evidence);
    let files: BTreeSet<String> = (finding.steps.iter())
        .map(|step| step.place.file.as_str())
        .filter(|file| !file.is_empty())
        .map(|file| escape::text(file).into_owned())
        .collect();
    Entry {
        rule: finding.rule.name().to_owned(),
        message: crate::words::headline(finding),
        files: files.into_iter().collect(),
        fingerprint,
        moved,
        locks,
        place,
        functions,
        ..said.clone()
    }
}

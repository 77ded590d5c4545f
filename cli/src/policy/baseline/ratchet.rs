//! Which finding is which entry, and what becomes of the entries.

use super::file::{Baseline, Entry};
use super::key::Keys;
use crate::escape;
use crate::source::Sources;
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
    pub fn entries_of(&self, findings: &[&Finding], sources: &Sources) -> Vec<Option<usize>> {
        let keys: Vec<Keys> = findings.iter().map(|finding| Keys::of(finding, sources)).collect();
        let mut found = vec![None; findings.len()];
        let mut free: BTreeSet<usize> = (0..self.entries.len()).collect();
        let exact: fn(&Entry, &Keys) -> bool = |entry, keys| entry.fingerprint == keys.fingerprint;
        let moved: fn(&Entry, &Keys) -> bool =
            |entry, keys| entry.moved.is_some() && entry.moved == keys.moved;
        let locks: fn(&Entry, &Keys) -> bool =
            |entry, keys| entry.locks.is_some() && entry.locks == keys.locks;
        for is_same in [exact, moved, locks] {
            for (finding, keys) in keys.iter().enumerate() {
                if found[finding].is_some() {
                    continue;
                }
                let fits = |&&entry: &&usize| {
                    let entry = &self.entries[entry];
                    entry.rule == findings[finding].rule.name() && is_same(entry, keys)
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
        sources: &Sources,
        template: &Entry,
    ) -> (Self, usize) {
        let known = self.entries_of(findings, sources);
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
            entries.push(entry(finding, sources, said));
        }
        if change == Change::Update {
            let seen: BTreeSet<usize> = known.into_iter().flatten().collect();
            let unseen = (0..self.entries.len()).filter(|index| !seen.contains(index));
            entries.extend(unseen.map(|index| self.entries[index].clone()));
        }
        (Self { path: self.path.clone(), entries }, new)
    }
}

fn entry(finding: &Finding, sources: &Sources, said: &Entry) -> Entry {
    let Keys { fingerprint, moved, locks } = Keys::of(finding, sources);
    let files: BTreeSet<String> = (finding.steps.iter())
        .map(|step| step.place.file.as_str())
        .filter(|file| !file.is_empty())
        .map(|file| escape::text(file).into_owned())
        .collect();
    let labels = crate::names::labels(finding, sources);
    Entry {
        rule: finding.rule.name().to_owned(),
        message: crate::output::headline(finding, &labels),
        files: files.into_iter().collect(),
        fingerprint,
        moved,
        locks,
        ..said.clone()
    }
}

//! From drafts to the list of findings: one per fingerprint, worst first.

use crate::finding::Finding;
use crate::fingerprint::stable_hash;
use crate::rules::Draft;
use crate::sites::SiteKeys;
use crate::text;
use std::collections::{BTreeMap, BTreeSet};

/// Merges drafts with the same fingerprint and grade, and sorts them.
pub(crate) fn collect(drafts: Vec<Draft>, keys: &dyn SiteKeys) -> Vec<Finding> {
    let mut merged: BTreeMap<_, Draft> = BTreeMap::new();
    for draft in part(drafts, keys) {
        let key = (draft.finding.fingerprint.clone(), draft.finding.grade);
        match merged.get_mut(&key) {
            Some(known) => merge(known, draft),
            None => {
                merged.insert(key, draft);
            }
        }
    }
    let mut findings: Vec<_> = merged.into_values().map(finish).collect();
    findings.sort_by(|a, b| {
        let key = |f: &Finding| (std::cmp::Reverse(f.level), f.grade, f.rule.rank());
        key(a)
            .cmp(&key(b))
            .then_with(|| b.count.cmp(&a.count))
            .then_with(|| a.message.cmp(&b.message))
            .then_with(|| a.fingerprint.cmp(&b.fingerprint))
    });
    findings
}

/// Gives findings fingerprints of their own that have one in common and lie in different files: what is known by function and field may be
/// in two files of one package.
fn part(mut drafts: Vec<Draft>, keys: &dyn SiteKeys) -> Vec<Draft> {
    let files = |finding: &Finding| -> BTreeSet<String> {
        let places = finding.steps.iter().map(|step| &step.place);
        places.map(|place| keys.file(&place.file, place.line, place.column)).collect()
    };
    let mut known: BTreeMap<String, BTreeSet<BTreeSet<String>>> = BTreeMap::new();
    for draft in &drafts {
        let print = draft.finding.fingerprint.clone();
        known.entry(print).or_default().insert(files(&draft.finding));
    }
    known.retain(|_, files| files.len() > 1);
    for draft in &mut drafts {
        let finding = &mut draft.finding;
        let Some(first) = known.get(&finding.fingerprint).and_then(BTreeSet::first) else {
            continue;
        };
        let own = files(finding);
        if own != *first {
            let parts = own.iter().map(String::as_str);
            let parts = std::iter::once(finding.fingerprint.as_str()).chain(parts);
            finding.fingerprint = format!("{:016x}", stable_hash(parts));
        }
    }
    drafts
}

/// The worse of the two tells the story; counts and processes add up.
fn merge(known: &mut Draft, mut other: Draft) {
    if other.finding.level > known.finding.level {
        std::mem::swap(known, &mut other);
    }
    known.cycles += other.cycles;
    let finding = &mut known.finding;
    finding.count = finding.count.saturating_add(other.finding.count);
    finding.processes.extend(other.finding.processes);
}

fn finish(draft: Draft) -> Finding {
    let Draft { mut finding, cycles, .. } = draft;
    finding.processes.sort_unstable();
    finding.processes.dedup();
    if cycles > 1 {
        let what = match finding.locks.len() {
            0 | 1 => ("instance", "instances"),
            2 => ("pair of instances", "pairs of instances"),
            _ => ("group of instances", "groups of instances"),
        };
        let processes = match finding.processes.len() {
            0 | 1 => String::new(),
            many => format!(" in {many} processes"),
        };
        finding
            .notes
            .push(format!("the same for {}{processes}", text::count_of(cycles, what.0, what.1)));
    }
    finding
}

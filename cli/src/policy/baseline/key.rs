//! The keys of a finding.

use crate::policy::Evidence;
use crate::source::Sources;
use std::collections::BTreeSet;
use syncscope_detector::finding::{Finding, LockInfo, Place, RuleId, Step, StepKind};
use syncscope_detector::stable_hash;

/// What an entry is found by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Keys {
    pub(super) fingerprint: String,
    pub(super) moved: Option<String>,
    pub(super) locks: Option<String>,
    pub(super) place: Option<String>,
    pub(super) functions: Option<String>,
}

impl Keys {
    pub(super) fn of(finding: &Finding, evidence: &Evidence<'_>) -> Self {
        Self {
            fingerprint: finding.fingerprint.clone(),
            moved: moved(finding, evidence.sources),
            locks: locks(finding, evidence.sources),
            place: place(finding),
            functions: functions(finding, evidence),
        }
    }
}

/// What each thread does, in words for each step. Which thread comes first says nothing.
fn of_threads(
    finding: &Finding,
    words: impl Fn(&Step, &LockInfo) -> Option<[String; 2]>,
) -> Option<String> {
    let mut threads = Vec::new();
    for thread in 0..finding.threads.len() {
        let mut parts = vec!["thread".to_owned()];
        for step in finding.steps.iter().filter(|step| step.thread == thread) {
            let kind = step.kind.name();
            parts.extend([kind.to_owned(), step.call.to_owned()]);
            parts.extend(words(step, finding.locks.get(step.lock)?)?);
        }
        threads.push(parts);
    }
    threads.sort();
    (!finding.steps.is_empty()).then(|| hash(finding.rule, threads.into_iter().flatten()))
}

/// In texts of lines.
fn moved(finding: &Finding, sources: &Sources) -> Option<String> {
    of_threads(finding, |step, of| Some([lock(of, sources)?, text(&step.place, sources)?]))
}

/// In places, as they were recorded.
fn place(finding: &Finding) -> Option<String> {
    of_threads(finding, |step, of| {
        let at = |place: &Place| format!("{}:{}:{}", place.file, place.line, place.column);
        let place = (step.place.line != 0).then(|| at(&step.place))?;
        Some([format!("{} {}", type_of(of), at(&of.created)), place])
    })
}

/// In functions, by the stacks: where each thread asked for what it did not get.
fn functions(finding: &Finding, evidence: &Evidence<'_>) -> Option<String> {
    of_threads(finding, |step, of| {
        let function = match step.kind {
            StepKind::Holds => String::new(),
            _ => evidence.function(finding, step.thread, &step.stack)?,
        };
        Some([type_of(of), function])
    })
}

fn type_of(lock: &LockInfo) -> String {
    format!("{} {}", lock.kind, lock.type_name)
}

/// The locks of an order cycle, when no two of them are alike.
fn locks(finding: &Finding, sources: &Sources) -> Option<String> {
    if finding.rule != RuleId::LOCK_ORDER_INVERSION {
        return None;
    }
    let used: BTreeSet<usize> = finding.steps.iter().map(|step| step.lock).collect();
    let keys = used.iter().map(|&index| lock(finding.locks.get(index)?, sources));
    let keys: BTreeSet<String> = keys.collect::<Option<_>>()?;
    (keys.len() == used.len() && keys.len() > 1).then(|| hash(finding.rule, keys))
}

/// A lock without its path: what it is and the text of the line that creates it, or its name.
fn lock(lock: &LockInfo, sources: &Sources) -> Option<String> {
    let created = match (lock.kind, lock.created.line) {
        ("thread" | "task" | "scope", _) | (_, 0) => String::new(),
        _ => text(&lock.created, sources)?,
    };
    let name = bare(lock.name.as_deref().unwrap_or_default());
    Some(format!("{} {} {name} {created}", lock.kind, lock.type_name))
}

/// A name without what tells it from others of the same name, which changes as those come and go, and as the lock moves:
/// `STATE` of `store::STATE` and of `store::STATE (src/a/store.rs)`.
fn bare(name: &str) -> &str {
    let name = name.split_once(" (").map_or(name, |(name, _)| name);
    let name = name.split_once(": ").map_or(name, |(name, _)| name);
    let name = name.rsplit_once("::").map_or(name, |(_, name)| name);
    name.strip_suffix("[_]").unwrap_or(name)
}

fn text(place: &Place, sources: &Sources) -> Option<String> {
    sources.file(&place.file, place.line, place.column)?.squeezed(place.line, place.column)
}

fn hash(rule: RuleId, parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = parts.into_iter().collect();
    let parts = [rule.name()].into_iter().chain(parts.iter().map(String::as_str));
    format!("{:016x}", stable_hash(parts))
}

#[cfg(test)]
mod tests {
    use super::bare;

    #[test]
    fn names_without_what_tells_them_apart() {
        for (name, expected) in [
            ("STATE", "STATE"),
            ("store::STATE", "STATE"),
            ("alpha::store::STATE (src/store.rs)", "STATE"),
            ("sync::Lock.0: Mutex<[u8; 9]>", "Lock.0"),
            ("Guarded<a::B>::value", "value"),
            ("rooms[_]", "rooms"),
            ("", ""),
        ] {
            assert_eq!(bare(name), expected, "{name}");
        }
    }
}

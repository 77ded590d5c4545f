//! What is known of a finding beside its places, a line for each fact.

use super::{View, test_of, tests_of};
use crate::coverage::is_of_cargo_test;
use crate::explore::Confirmation;
use crate::words;
use syncscope_detector::finding::{Finding, LockInfo, RuleId, ThreadInfo};
use syncscope_recording::model::ThreadNum;

/// How many threads and locks are named in a line, and how many lines there are for each.
const DESCRIBED: usize = 8;

/// Threads, locks, how often it was seen, how sure it is, in which tests, and the detector's notes. Escaped.
pub(super) fn facts(finding: &Finding, labels: &[String], view: &View<'_>) -> Vec<String> {
    let threads = finding.threads.iter();
    let mut notes =
        grouped(threads.map(|thread| (words::thread(thread), thread_facts(thread, finding, view))));
    // A thread that is waited for is among the threads, where it is told already.
    let is_told = |lock: &LockInfo| {
        let is_it = |thread: &ThreadInfo| thread.number == lock.instance;
        matches!(lock.kind, "thread" | "task") && finding.threads.iter().any(is_it)
    };
    let locks = finding.locks.iter().zip(labels).enumerate();
    let locks = locks.filter(|(_, (lock, _))| !is_told(lock));
    notes.extend(grouped(locks.map(|(index, (lock, label))| {
        (words::lock(finding, labels, index), words::lock_facts(lock, label))
    })));
    // Of an order cycle each side was seen a number of times of its own: the detector's notes tell.
    if finding.rule != RuleId::LOCK_ORDER_INVERSION {
        notes.push(format!("seen {}", words::times(finding.count)));
    }
    notes.push(words::grade(finding.grade).to_owned());
    let confirmation = view.confirmations.get(&finding.fingerprint);
    notes.extend(confirmation.map(Confirmation::words));
    // The detector tells what the runner told.
    let told = |word: &str| finding.notes.iter().any(|note| note.starts_with(word));
    let is_told = told("seen in test") || told("seen in different processes: test");
    let tests = tests_of(finding, &view.recordings.readable);
    let tests: Vec<_> =
        tests.iter().map(|test| format!("`{}`", crate::escape::name(test))).collect();
    let is_one = test_of(finding, &view.recordings.readable).is_some();
    notes.extend(match tests.as_slice() {
        _ if is_told => None,
        [] => None,
        [test] if is_one => Some(format!("seen in test {test}")),
        [test] => Some(format!("seen in part in test {test}")),
        several => Some(format!("seen in tests {}", words::and(several))),
    });
    notes.extend(words::refutation(finding, labels));
    notes.extend(finding.notes.iter().map(|note| crate::escape::text(note).into_owned()));
    notes
}

/// One line for all that have the same said of them.
fn grouped(items: impl Iterator<Item = (String, String)>) -> Vec<String> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for (name, facts) in items.filter(|(_, facts)| !facts.is_empty()) {
        match groups.iter_mut().find(|(known, _)| *known == facts) {
            // One thread may supply several sides of a cycle.
            Some((_, names)) if names.contains(&name) => {}
            Some((_, names)) => names.push(name),
            None => groups.push((facts, vec![name])),
        }
    }
    let all = groups.len();
    let mut notes: Vec<String> = groups
        .into_iter()
        .take(DESCRIBED)
        .map(|(facts, names)| {
            let more = names.len().saturating_sub(DESCRIBED);
            let mut names = names.into_iter().take(DESCRIBED).collect::<Vec<_>>();
            if more > 0 {
                names.push(format!("{more} more"));
            }
            format!("{}: {facts}", words::and(&names))
        })
        .collect();
    if all > DESCRIBED {
        notes.push(format!("and {} more", all - DESCRIBED));
    }
    notes
}

fn thread_facts(thread: &ThreadInfo, finding: &Finding, view: &View<'_>) -> String {
    let recording = view.recordings.readable.get(thread.process);
    let is_of_harness = recording.is_some_and(|recording| {
        let known = recording.threads.get(&ThreadNum(thread.number));
        known.is_some_and(|thread| thread.is_foreign) && is_of_cargo_test(&recording.process.exe)
    });
    let spawned = match &thread.spawned {
        _ if thread.is_main => "the first of its process".to_owned(),
        place if let Some(task) = thread.part_of => {
            format!("part of task #{task}, polled beside others at {}", words::short_place(place))
        }
        place if place.line == 0 && thread.is_task => "a thread blocks on it".to_owned(),
        place if place.line == 0 && is_of_harness => "spawned by the test harness".to_owned(),
        place if place.line == 0 => "spawned at an unknown place".to_owned(),
        place => format!("spawned at {}", words::short_place(place)),
    };
    match recording.filter(|_| finding.processes.len() > 1 && thread.pid.is_none()) {
        Some(recording) => format!("{spawned}, in process {}", recording.process.pid),
        None => spawned,
    }
}

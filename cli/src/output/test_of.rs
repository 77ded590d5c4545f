//! The tests that a finding was seen in.

use crate::coverage::is_of_cargo_test;
use syncscope_detector::Finding;
use syncscope_recording::Recording;
use syncscope_recording::model::ThreadNum;

/// How far from a thread its test's is looked for.
const FAR: usize = 64;

/// The one test that all threads of a finding are of.
pub(crate) fn test_of(finding: &Finding, recordings: &[Recording]) -> Option<String> {
    let mut tests = of_threads(finding, recordings);
    let first = tests.next()??;
    tests.all(|test| test.as_ref() == Some(&first)).then_some(first)
}

/// The tests that threads of a finding are of, each once, in the order of the threads.
pub(crate) fn tests_of(finding: &Finding, recordings: &[Recording]) -> Vec<String> {
    let mut tests = Vec::new();
    for test in of_threads(finding, recordings).flatten() {
        if !tests.contains(&test) {
            tests.push(test);
        }
    }
    tests
}

/// What the runner told, else the name of the test's thread, also for threads that it started.
fn of_threads(finding: &Finding, recordings: &[Recording]) -> impl Iterator<Item = Option<String>> {
    finding.threads.iter().map(|one| {
        let recording = recordings.get(one.process)?;
        recording.process.test.clone().or_else(|| of_harness(recording, ThreadNum(one.number)))
    })
}

/// Threads of libtest are named as their tests, and nobody that is recorded has started them.
fn of_harness(recording: &Recording, thread: ThreadNum) -> Option<String> {
    if !is_of_cargo_test(&recording.process.exe) {
        return None;
    }
    let mut number = thread;
    for _ in 0..FAR {
        let thread = recording.threads.get(&number)?;
        match thread.parent {
            Some(parent) => number = parent,
            None if thread.is_foreign && !thread.is_main && !thread.is_task => {
                return thread.name.clone();
            }
            None => return None,
        }
    }
    None
}

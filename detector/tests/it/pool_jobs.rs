//! What one thread did in jobs of a thread pool, another thread may do another time.

use crate::checker::{check_recordings, record};
use syncscope_detector::must_order::calls_of;
use syncscope_recording::Recording;
use syncscope_recording::model::{Clock, JobStep, Strand, ThreadNum};

const POSSIBLE: &str = "lock-order-inversion possible deny: A B x1";
const ORDERED: &str = "lock-order-inversion refuted(order) allow: A B x1";

/// A branch, what has come out of it, and whether the next step is a job.
type Way<'a> = &'a [(u64, u32, bool)];

const JOB: bool = true;
const CALL: bool = false;
const HERE: bool = false;

/// One thread that nests both ways, each in a segment of its own: from 10 upwards.
fn both_ways() -> Recording {
    let mut recording =
        record("main: lock A; lock B; drop B; drop A; lock B; lock A; drop A; drop B");
    let nested = recording.nodes.iter_mut().filter(|node| node.parent.is_some());
    for (segment, node) in (10..).zip(nested) {
        (node.first_segment, node.last_segment) = (segment, segment);
    }
    recording
}

fn strand(segment: u32, call: u32, way: Way<'_>) -> Strand {
    let step = |&(branch, at, is_job)| JobStep { branch, at, is_job, waiter: branch };
    Strand {
        thread: ThreadNum(1),
        segment,
        caller: ThreadNum(7),
        call,
        is_waited_for: true,
        clock: None,
        tree: u64::from(call),
        steps: way.iter().map(step).collect(),
    }
}

fn in_jobs(first: Way<'_>, second: Way<'_>) -> Recording {
    let mut recording = both_ways();
    recording.strands = vec![strand(10, 1, first), strand(11, 1, second)];
    recording
}

/// The second nesting of [`both_ways`] knows this.
fn knows(mut recording: Recording, entries: &[(u32, u32)]) -> Recording {
    let entries = entries.iter().map(|&(thread, segment)| (ThreadNum(thread), segment)).collect();
    recording.clocks.push(Clock { thread: ThreadNum(1), segment: 11, entries });
    let second = recording.nodes.iter_mut().rfind(|node| node.parent.is_some());
    second.expect("it is nested").first_clock = Some(recording.clocks.len() as u32 - 1);
    recording
}

#[track_caller]
fn check(recording: Recording, expect: &str) {
    check_recordings(&[recording], expect);
}

#[test]
fn two_jobs_of_one_thread_may_meet() {
    let two = in_jobs(&[(1, 1, JOB), (2, 0, HERE)], &[(1, 2, JOB), (3, 0, HERE)]);
    let analysis = check_recordings(&[two], POSSIBLE);
    let notes = &analysis.findings[0].notes;
    assert!(notes.iter().any(|note| note.contains("jobs of a thread pool")), "{notes:?}");
    check(both_ways(), "lock-order-inversion refuted(one thread: thread `main`) allow: A B x1");
}

#[test]
fn one_job_does_one_thing_after_the_other() {
    let way: Way<'_> = &[(1, 1, JOB), (2, 0, HERE)];
    let one = "lock-order-inversion refuted(one thread: thread `main`) allow: A B x1";
    check(in_jobs(way, way), one);
    // Also before and after what it waits for.
    check(in_jobs(way, &[(1, 1, JOB), (2, 3, HERE)]), one);
    check(in_jobs(way, &[(1, 1, JOB), (2, 1, CALL), (3, 1, JOB), (4, 0, HERE)]), ORDERED);
}

#[test]
fn one_call_comes_after_the_other() {
    let mut phases = both_ways();
    phases.strands = vec![strand(10, 1, &[]), strand(11, 2, &[])];
    let calls = calls_of(7).expect("it is small");
    check(phases.clone(), POSSIBLE);
    check(knows(phases.clone(), &[(calls, 1)]), ORDERED);
    // That the thread has told anything is no matter.
    check(knows(phases.clone(), &[(1, 10)]), POSSIBLE);
    phases.strands[0].call = 3;
    check(knows(phases.clone(), &[(calls, 2)]), POSSIBLE);
    phases.strands[0].is_waited_for = false;
    check(knows(phases, &[(calls, 3)]), POSSIBLE);
}

#[test]
fn what_a_job_tells_it_tells_of_itself() {
    let way: Way<'_> = &[(1, 1, JOB), (2, 0, HERE)];
    let mut spawned = both_ways();
    let nested = spawned.nodes.iter_mut().rfind(|node| node.parent.is_some());
    nested.expect("it is nested").thread = Some(ThreadNum(2));
    spawned.strands = vec![strand(10, 1, way), strand(12, 1, &[(1, 1, JOB), (2, 1, HERE)])];
    check(knows(spawned.clone(), &[(1, 12)]), ORDERED);
    check(knows(spawned.clone(), &[(1, 10)]), ORDERED);
    check(spawned.clone(), POSSIBLE);
    // A later job of the same thread.
    spawned.strands[1] = strand(12, 1, &[(1, 2, JOB), (3, 0, HERE)]);
    check(knows(spawned, &[(1, 12)]), POSSIBLE);
}

#[test]
fn what_comes_again_in_other_jobs_is_ordered_by_their_calls_only() {
    let calls = calls_of(7).expect("it is small");
    let spanned = || {
        let mut recording = both_ways();
        let nested = recording.nodes.iter_mut().find(|node| node.parent.is_some());
        nested.expect("it is nested").first_segment = 8;
        let strands = [(8, 1), (9, 1), (10, 2), (11, 3)];
        recording.strands = strands.map(|(segment, call)| strand(segment, call, &[])).into();
        recording
    };
    check(knows(spanned(), &[(calls, 2)]), ORDERED);
    check(knows(spanned(), &[(calls, 1)]), POSSIBLE);
    let mut gap = spanned();
    gap.strands.remove(1);
    check(knows(gap, &[(calls, 2)]), POSSIBLE);
    let mut of_two = spanned();
    of_two.strands[1].caller = ThreadNum(8);
    check(knows(of_two, &[(calls, 2)]), POSSIBLE);
}

#[test]
fn writers_in_jobs_may_come_between_two_reads() {
    let mut recording = record("main: read R; read R; drop R; drop R; write R; drop R");
    let found = "recursive-read possible warn: R x1";
    check(recording.clone(), "recursive-read refuted(readers) allow: R x1");
    for (segment, node) in (10..).zip(&mut recording.nodes) {
        (node.first_segment, node.last_segment) = (segment, segment);
        let way: Way<'_> = &[(1, segment, JOB), (u64::from(segment), 0, HERE)];
        recording.strands.push(strand(segment, 1, way));
    }
    check(recording, found);
}

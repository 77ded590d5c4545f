//! Lock sets: what is ordered by luck, and what is handed over.

use crate::script::{Driver, Event, Op, conflicts};
use std::sync::atomic::Ordering;
use syncscope_detector::race::ConflictKind::{self, Luck, Race};

const A: u32 = 1;
const B: u32 = 2;
const UNRELATED: u32 = 3;
const X: u32 = 9;

fn check(trace: &[Event], expected: &[ConflictKind]) {
    let kinds: Vec<_> = conflicts(trace).iter().map(|conflict| conflict.kind).collect();
    assert_eq!(kinds, expected, "{trace:?}");
}

/// The events of one thread in a row.
fn by<const N: usize>(thread: usize, ops: [Op; N]) -> Vec<Event> {
    ops.into_iter().map(|op| (thread, op)).collect()
}

/// The first thread's events, then the second's; an unrelated lock orders them.
fn in_luck(first: &[Op], second: &[Op]) -> Vec<Event> {
    let between = [Op::Lock(UNRELATED), Op::Unlock(UNRELATED)];
    let first = first.iter().chain(&between).map(|op| (1, *op));
    let second = between.iter().chain(second).map(|op| (2, *op));
    first.chain(second).collect()
}

fn under(lock: u32, op: Op) -> [Op; 3] {
    [Op::Lock(lock), op, Op::Unlock(lock)]
}

#[test]
fn different_locks() {
    check(&in_luck(&under(A, Op::Write(X)), &under(B, Op::Write(X))), &[Luck]);
    check(&in_luck(&under(A, Op::Write(X)), &under(B, Op::Read(X))), &[Luck]);
    check(&in_luck(&under(A, Op::Read(X)), &under(B, Op::Write(X))), &[Luck]);
    check(&in_luck(&under(A, Op::Write(X)), &[Op::Write(X)]), &[Luck]);
}

#[test]
fn the_same_lock() {
    check(&in_luck(&under(A, Op::Write(X)), &under(A, Op::Write(X))), &[]);
    let reads = [Op::ReadLock(A), Op::Read(X), Op::ReadUnlock(A)];
    check(&in_luck(&under(A, Op::Write(X)), &reads), &[]);
}

#[test]
fn two_readers_of_a_lock_do_not_exclude_each_other() {
    let writes = [Op::ReadLock(A), Op::Write(X), Op::ReadUnlock(A)];
    check(&in_luck(&writes, &writes), &[Luck]);
    let both = [by(1, writes), by(2, writes)].concat();
    check(&both, &[Race]);
}

#[test]
fn without_the_unrelated_lock_it_is_a_race() {
    let trace = [by(1, under(A, Op::Write(X))), by(2, under(B, Op::Write(X)))].concat();
    check(&trace, &[Race]);
}

#[test]
fn reads_alone_are_no_conflict() {
    check(&in_luck(&under(A, Op::Read(X)), &under(B, Op::Read(X))), &[]);
    check(&[(1, Op::Read(X)), (2, Op::Read(X))], &[]);
}

#[test]
fn initialised_then_shared() {
    check(&in_luck(&[Op::Write(X)], &under(B, Op::Read(X))), &[]);
    check(&in_luck(&[Op::Write(X)], &[Op::Write(X)]), &[]);
}

#[test]
fn handed_over_by_a_lock_that_guards_one_side() {
    // Written under the queue's lock, taken out under it, used without.
    let taken = [Op::Lock(A), Op::Unlock(A), Op::Write(X)];
    check(&in_luck(&under(A, Op::Write(X)), &taken), &[]);
}

#[test]
fn handed_over_for_sure() {
    let guarded = |between: [Event; 2]| {
        let first = by(1, under(A, Op::Write(X)));
        let second = by(2, under(B, Op::Write(X)));
        [first, between.to_vec(), second].concat()
    };
    check(&guarded([(1, Op::Give(1)), (2, Op::Take(1))]), &[]);
    let store = (1, Op::Store(1, Ordering::Release));
    check(&guarded([store, (2, Op::Load(1, Ordering::Acquire))]), &[]);
    check(&guarded([store, (2, Op::Load(1, Ordering::Relaxed))]), &[Race]);
    let forked = [by(1, under(A, Op::Write(X))), vec![(1, Op::Spawn(2))]].concat();
    check(&[forked, by(2, under(B, Op::Write(X)))].concat(), &[]);
}

#[test]
fn a_lock_of_a_condition_variable_answers() {
    let trace = in_luck(&under(A, Op::Write(X)), &under(B, Op::Write(X)));
    let mut driver = Driver::default();
    driver.mark_signals(UNRELATED);
    let found = (0..).zip(trace).filter_map(|(site, event)| driver.step(site, event)).count();
    assert_eq!(found, 0);
}

#[test]
fn the_lock_held_most_often_is_told() {
    let mut trace = Vec::new();
    for round in 0..41 {
        trace.extend(by(1 + round % 2, under(A, Op::Write(X))));
    }
    trace.push((3, Op::Write(X)));
    let conflicts = conflicts(&trace);
    let [conflict] = conflicts.as_slice() else { panic!("{conflicts:?}") };
    let majority = conflict.majority.expect("a majority");
    assert_eq!((majority.lock.lock, majority.held, majority.of), (A, 41, 42));
}

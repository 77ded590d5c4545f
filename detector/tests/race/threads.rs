//! Threads that come and go, and barriers.

use crate::script::{Event, Op, conflicts};
use syncscope_detector::race::{LockSet, Meeting, Place, Slots, Thread};

/// Slots are used again, and an old thread's access is still told from a new one's.
#[test]
fn slots_are_used_again_by_those_who_know() {
    let mut trace: Vec<Event> = Vec::new();
    for child in 1..500 {
        trace.extend([(0, Op::Spawn(child)), (child, Op::Write(0)), (0, Op::Join(child))]);
    }
    assert!(conflicts(&trace).is_empty());
    let mut slots = Slots::default();
    let mut main = Thread::new(0, &mut slots, None);
    for child in 1..500 {
        let stamp = main.release();
        let mut child = Thread::new(child, &mut slots, Some(&stamp));
        main.learn(&child.end(&mut slots));
        assert_eq!(child.slot(), 1);
    }
}

#[test]
fn a_thread_that_knows_nothing_of_the_end_gets_a_slot_of_its_own() {
    let mut slots = Slots::default();
    let no_locks = LockSet::from(Vec::new());
    let mut place = Place::default();
    let mut first = Thread::new(1, &mut slots, None);
    assert!(place.access(&mut first, true, 0, &no_locks).is_none());
    first.end(&mut slots);
    let mut second = Thread::new(2, &mut slots, None);
    assert_ne!(first.slot(), second.slot());
    assert!(place.access(&mut second, true, 0, &no_locks).is_some());
}

#[test]
fn more_threads_than_slots_never_invent_a_race() {
    let mut slots = Slots::with_cap(2);
    let no_locks = LockSet::from(Vec::new());
    let mut place = Place::default();
    let mut main = Thread::new(0, &mut slots, None);
    for number in 1..20 {
        let stamp = main.release();
        let mut child = Thread::new(number, &mut slots, Some(&stamp));
        assert!(place.access(&mut child, true, 0, &no_locks).is_none());
        main.learn(&child.end(&mut slots));
    }
}

#[test]
fn rounds_of_a_barrier() {
    let mut slots = Slots::default();
    let no_locks = LockSet::from(Vec::new());
    let mut threads: Vec<_> = (0..2).map(|number| Thread::new(number, &mut slots, None)).collect();
    let (mut meeting, mut place) = (Meeting::default(), Place::default());
    assert!(place.access(&mut threads[0], true, 0, &no_locks).is_none());
    for round in 0..10 {
        threads.iter_mut().for_each(|thread| meeting.arrived(thread, 2));
        threads.iter_mut().for_each(|thread| meeting.passed(thread));
        let writer = &mut threads[(round + 1) % 2];
        assert!(place.access(writer, true, 0, &no_locks).is_none(), "round {round}");
    }
    // The other one after all, in the same round.
    assert!(place.access(&mut threads[1], true, 0, &no_locks).is_some());
}

/// The next round's arrivals do not count for those who are still to leave this one.
#[test]
fn a_fast_thread_is_a_round_ahead() {
    let mut slots = Slots::default();
    let no_locks = LockSet::from(Vec::new());
    let mut slow = Thread::new(0, &mut slots, None);
    let mut fast = Thread::new(1, &mut slots, None);
    let (mut meeting, mut place) = (Meeting::default(), Place::default());
    meeting.arrived(&mut slow, 2);
    meeting.arrived(&mut fast, 2);
    meeting.passed(&mut fast);
    assert!(place.access(&mut fast, true, 0, &no_locks).is_none());
    meeting.arrived(&mut fast, 2);
    meeting.passed(&mut slow);
    assert!(place.access(&mut slow, true, 0, &no_locks).is_some());
}

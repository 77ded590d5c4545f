//! What is told beside a deadlock or stall that was observed: who gave, who has taken, who waits behind, and what helps.

use crate::checker::check_recordings;
use crate::deadlocks::ab_deadlock;
use crate::notation::parse;
use crate::recorder::run_in_order;
use syncscope_detector::{Finding, Options, PlainSites, analyze};
use syncscope_recording::model::{
    BoardSlot, Deadlock, DeadlockKind, Event, Held, InstanceId, Op, Participant, Stream, ThreadNum,
    Wait, WaitKind,
};

#[test]
fn who_last_gave_what_is_waited_for_is_told() {
    let of = |kind, object, op: Option<Op>, ticks| {
        let mut recording = run_in_order(&parse("main: lock A; lock X")).recording;
        recording.process.ticks_per_second = 1000;
        let wait = Wait { kind, object, since_ticks: 5000, ..Wait::default() };
        let participants =
            vec![Participant { thread: ThreadNum(1), wait, ..Participant::default() }];
        let (thread, kind) = (ThreadNum(1), DeadlockKind::Knot);
        recording.deadlocks = vec![Deadlock { kind, thread, ticks: 9000, participants }];
        let event = |op| Event { op, object, ticks, ..Event::default() };
        let events = op.into_iter().map(event).collect();
        recording.streams = vec![Stream { thread: ThreadNum(1), events, ..Stream::default() }];
        let mut findings = analyze(&[recording], &Options::default(), &PlainSites).findings;
        findings.remove(0)
    };
    let told = |finding: &Finding, text: &str| finding.notes.iter().any(|note| note.contains(text));
    let notified = of(WaitKind::Condvar, 77, Some(Op::NotifyOne), 3000);
    let text = "was last notified by thread `main`, 2.000 s before this wait began, at an unknown";
    assert!(told(&notified, text), "{:?}", notified.notes);
    // It is recorded once it is done, when the receiver may wait again already.
    let sent = of(WaitKind::Recv, 77, Some(Op::Send), 5020);
    assert!(
        told(
            &sent,
            "was last sent to by thread `main`, at the latest 20.0 ms after this wait began"
        ),
        "{:?}",
        sent.notes
    );
    let parked = of(WaitKind::Park, 0, None, 0);
    assert!(told(&parked, "was never unparked in what is recorded"), "{:?}", parked.notes);
    assert!(parked.message.ends_with(" parks, and nobody is left to unpark it"));
}

#[test]
fn what_several_wait_for_is_told_once() {
    let mut recording = run_in_order(&parse("main: lock A; spawn t; join t\n t: lock X")).recording;
    recording.process.ticks_per_second = 1000;
    let participant = |(thread, since_ticks)| {
        let wait = Wait { kind: WaitKind::Condvar, object: 77, since_ticks, ..Wait::default() };
        Participant { thread: ThreadNum(thread), wait, ..Participant::default() }
    };
    let participants = [(1, 5000), (2, 4000)].map(participant).to_vec();
    let (thread, kind) = (ThreadNum(1), DeadlockKind::Knot);
    recording.deadlocks = vec![Deadlock { kind, thread, ticks: 9000, participants }];
    let event = Event { op: Op::NotifyOne, object: 77, ticks: 3000, ..Event::default() };
    recording.streams =
        vec![Stream { thread: ThreadNum(1), events: vec![event], ..Stream::default() }];
    let finding = analyze(&[recording], &Options::default(), &PlainSites).findings.remove(0);
    let told: Vec<_> = finding.notes.iter().filter(|note| note.contains("notified")).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains(", 2.000 s before the last of these waits began, at"), "{told:?}");
}

#[test]
fn who_keeps_others_waiting_is_told_to_let_go() {
    let help = |kind, timed| {
        let mut recording =
            run_in_order(&parse("main: lock A; spawn t; join t\n t: lock X")).recording;
        let wait = |kind, timed| Wait { kind, object: 1, timed, ..Wait::default() };
        let held = Held { instance: InstanceId(1), ..Held::default() };
        let waiter = Participant {
            thread: ThreadNum(2),
            wait: wait(WaitKind::Mutex, false),
            ..Participant::default()
        };
        let keeper = Participant {
            thread: ThreadNum(1),
            wait: wait(kind, timed),
            holds: Some(held),
            ..Participant::default()
        };
        let (thread, kind) = (ThreadNum(2), DeadlockKind::Partial);
        recording.deadlocks =
            vec![Deadlock { kind, thread, ticks: 9000, participants: vec![waiter, keeper] }];
        analyze(&[recording], &Options::default(), &PlainSites).findings.remove(0).help
    };
    assert!(help(WaitKind::Sleep, true).starts_with("release the lock before the loop"));
    assert!(help(WaitKind::Recv, false).starts_with("release the lock before the wait"));
    assert!(help(WaitKind::None, false).contains("does while it holds the lock"));
}

#[test]
fn who_has_taken_permits_is_told() {
    let of = |overwritten, streams: [&[(u64, Op)]; 2]| {
        let mut recording = run_in_order(&parse("main: lock A; lock X")).recording;
        recording.process.ticks_per_second = 1000;
        let wait =
            Wait { kind: WaitKind::Semaphore, object: 77, since_ticks: 5000, ..Wait::default() };
        let (thread, kind) = (ThreadNum(1), DeadlockKind::Knot);
        let participants = vec![Participant { thread, wait, ..Participant::default() }];
        recording.deadlocks = vec![Deadlock { kind, thread, ticks: 9000, participants }];
        let event = |&(ticks, op): &(u64, Op)| Event { op, object: 77, ticks, ..Event::default() };
        let stream = |(number, events): (u32, &[(u64, Op)])| Stream {
            thread: ThreadNum(number),
            events: events.iter().map(event).collect(),
            overwritten: if number == 2 { overwritten } else { 0 },
            ..Stream::default()
        };
        recording.streams = (1..).zip(streams).map(stream).collect();
        analyze(&[recording], &Options::default(), &PlainSites).findings.remove(0).notes
    };
    let told = |notes: &[String], text: &str| notes.iter().any(|note| note.contains(text));
    let (taken, given) = (Op::Recv, Op::Send);
    let mains: &[(u64, Op)] = &[(1000, taken), (2000, given)];
    let notes = of(0, [mains, &[(3000, taken), (4000, taken)]]);
    let text = "thread 2 has taken permits of ";
    let rest = " twice and not given back, the last time, 1.000 s before this wait began, at an unknown place";
    assert!(told(&notes, text) && told(&notes, rest), "{notes:?}");
    assert!(!told(&notes, "main` has taken"), "{notes:?}");
    assert!(told(&notes, "was last released by thread `main`, 3.000 s before"), "{notes:?}");
    // Thread 2 may have released some since, in events that are not kept.
    let notes = of(7, [mains, &[(3000, taken)]]);
    assert!(told(&notes, "was last released, by the events that are kept, by"), "{notes:?}");
    assert!(told(&notes, text) && told(&notes, " once and not given back"), "{notes:?}");
}

#[test]
fn who_else_is_affected() {
    let mut recording = ab_deadlock();
    let slot = |thread: u32, held: &[u32], wants: u32| BoardSlot {
        thread: ThreadNum(thread),
        wait: Some(Wait { kind: WaitKind::Mutex, object: wants, ..Wait::default() }),
        held: held.iter().map(|i| Held { instance: InstanceId(*i), ..Held::default() }).collect(),
        ..BoardSlot::default()
    };
    recording.board =
        vec![slot(1, &[1, 9], 2), slot(2, &[2], 1), slot(3, &[5], 1), slot(4, &[], 77)];
    // Behind the third thread, and behind the end of that one.
    let mut joins = slot(6, &[], 5);
    joins.wait = Some(Wait { kind: WaitKind::Join, object: 5, ..Wait::default() });
    recording.board.extend([slot(5, &[], 5), joins]);
    let analysis = check_recordings(&[recording], "deadlock observed deny: A B x1");
    let notes = &analysis.findings[0].notes;
    assert!(
        notes.iter().any(|note| note.starts_with("thread `main` also holds `lock`")),
        "{notes:?}"
    );
    assert!(notes.iter().any(|note| note == "3 further threads wait behind these"), "{notes:?}");
}

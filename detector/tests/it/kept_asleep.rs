//! Locks that tasks keep while they sleep, or never give back: `futurelock`, `guard-across-await` and `permit-leak`.

use crate::checker::{check_recordings, record};
use syncscope_detector::Finding;
use syncscope_recording::Recording;
use syncscope_recording::model::{
    Deadlock, DeadlockKind, Held, KeptAsleep, KeptKind, LockUse, Participant, Site, SiteId,
    ThreadNum, Wait, WaitKind,
};

/// A program in which `t` keeps `A` at line 1 and sleeps at line 3, and `main` or `t` itself wants it at line 2.
fn kept(kind: KeptKind, taker: u32) -> Recording {
    let mut recording = record("main: spawn t; lock A; drop A; join t\n t: lock A; lock B");
    let first = recording.sites.len() as u32;
    let sites = (1..=3).map(|line| Site { file: "src/tasks.rs".into(), line, column: 5 });
    recording.sites.extend(sites);
    let node = recording.nodes.iter().find(|node| node.parent.is_none()).expect("A is outermost");
    let side = |thread, site| LockUse {
        thread: ThreadNum(thread),
        site: SiteId(first + site),
        ..LockUse::default()
    };
    recording.kept_asleep.push(KeptAsleep {
        kind,
        instance: node.instance,
        class: Some(node.class),
        ticks: 7,
        awaits: SiteId(first + 2),
        keeper: side(2, 0),
        taker: side(taker, 1),
        permits: 2,
    });
    recording
}

/// The deadlock that comes of it.
fn observed(recording: &mut Recording) {
    let kept = recording.kept_asleep[0].clone();
    let wait = Wait {
        kind: WaitKind::Mutex,
        object: kept.instance.0,
        class: kept.class,
        site: kept.taker.site,
        ..Wait::default()
    };
    let held = Held {
        instance: kept.instance,
        class: kept.class,
        site: kept.keeper.site,
        ..Held::default()
    };
    recording.deadlocks.push(Deadlock {
        kind: DeadlockKind::SelfLock,
        thread: kept.keeper.thread,
        participants: vec![Participant {
            thread: kept.keeper.thread,
            wait,
            holds: Some(held),
            is_handed: true,
        }],
        ..Deadlock::default()
    });
}

#[test]
fn a_task_that_went_on_behind_its_own_future_is_warned_of() {
    let found = "futurelock possible warn: A x1";
    let analysis = check_recordings(&[kept(KeptKind::Future, 2)], found);
    let finding = &analysis.findings[0];
    let lines: Vec<_> = finding.steps.iter().map(|step| step.place.line).collect();
    assert_eq!((lines, finding.threads.len()), (vec![1, 2], 1));
    assert!(finding.message.starts_with("thread `t` waited for"), "{}", finding.message);
    // Twice the same is one.
    let mut twice = kept(KeptKind::Future, 2);
    twice.kept_asleep.push(twice.kept_asleep[0].clone());
    check_recordings(&[twice], "futurelock possible warn: A x2");
}

#[test]
fn a_task_that_stood_still_behind_its_own_future_is_told_once() {
    let mut recording = kept(KeptKind::Future, 2);
    observed(&mut recording);
    let analysis = check_recordings(&[recording], "futurelock observed deny: A x1");
    let finding = &analysis.findings[0];
    assert!(finding.message.contains("it no longer polls"), "{}", finding.message);
    assert!(finding.notes.iter().any(|note| note.contains("was handed it")), "{finding:?}");
}

#[test]
fn a_longer_chain_is_one_too() {
    let mut recording = kept(KeptKind::Future, 2);
    observed(&mut recording);
    recording.kept_asleep.clear();
    let deadlock = &mut recording.deadlocks[0];
    let second = Participant { is_handed: false, ..deadlock.participants[0].clone() };
    deadlock.participants.push(second);
    deadlock.kind = DeadlockKind::Cycle;
    check_recordings(&[recording.clone()], "futurelock observed deny: A x1");
    // Where every lock is with one who has it, it is a deadlock as any other.
    recording.deadlocks[0].participants[0].is_handed = false;
    check_recordings(&[recording], "deadlock observed deny: A x1");
}

#[test]
fn a_guard_over_an_await_is_warned_of() {
    let found = "guard-across-await possible warn: A x1";
    let mut recording = kept(KeptKind::Guard, 1);
    let analysis = check_recordings(&[recording.clone()], found);
    let finding = &analysis.findings[0];
    let steps: Vec<_> = finding.steps.iter().map(|step| (step.thread, step.place.line)).collect();
    assert_eq!(steps, [(0, 1), (1, 2)]);
    assert!(finding.message.ends_with("another task takes it, in thread `main`"), "{finding:?}");
    let says = |finding: &Finding| finding.notes.iter().any(|note| note.contains("tasks.rs:3"));
    assert!(says(finding), "where it sleeps");
    recording.threads.get_mut(&ThreadNum(1)).expect("main").is_task = true;
    recording.kept_asleep[0].awaits = SiteId(0);
    let analysis = check_recordings(&[recording], found);
    let finding = &analysis.findings[0];
    assert!(finding.message.ends_with("and task `main` takes it"), "{finding:?}");
    assert!(!says(finding), "where it sleeps is not known");
}

#[test]
fn a_permit_that_was_forgotten_is_told_with_both_places() {
    let mut recording = kept(KeptKind::Forgotten, 1);
    let analysis = check_recordings(&[recording.clone()], "permit-leak observed warn: A x1");
    let finding = &analysis.findings[0];
    let steps: Vec<_> =
        finding.steps.iter().map(|step| (step.thread, step.call, step.place.line)).collect();
    assert_eq!(steps, [(0, "forget", 1), (1, "lock", 2)]);
    assert!(
        finding.notes.iter().any(|note| note.starts_with("2 permits are missing")),
        "{finding:?}"
    );
    // By who waits.
    recording.kept_asleep[0].taker.thread = ThreadNum(2);
    let analysis = check_recordings(&[recording], "permit-leak observed warn: A x1");
    assert_eq!(analysis.findings[0].threads.len(), 1);
}

#[test]
fn what_a_task_had_at_its_end_is_told_with_both_places() {
    let analysis = check_recordings(&[kept(KeptKind::Left, 1)], "permit-leak observed warn: A x1");
    let finding = &analysis.findings[0];
    let steps: Vec<_> = finding.steps.iter().map(|step| (step.thread, step.place.line)).collect();
    assert_eq!(steps, [(0, 1), (1, 2)]);
    assert!(finding.message.contains("`t` has ended without giving it back"), "{finding:?}");
}

//! Locks that are held over waits for jobs which may take them.

use crate::checker::{check_recordings, record};
use syncscope_recording::Recording;
use syncscope_recording::model::{
    Access, Deadlock, DeadlockKind, HeldAcrossPool, Participant, PoolUse, Site, SiteId, ThreadNum,
    Wait, WaitKind,
};

/// A program in which `main` holds `A` over a wait, and a job of `t` takes it.
fn held() -> Recording {
    let mut recording =
        record("main: spawn t; lock A; lock B; drop B; drop A; join t\n t: lock A; lock B");
    let first = recording.sites.len() as u32;
    let sites = (1..=4).map(|line| Site { file: "src/jobs.rs".into(), line, column: 5 });
    recording.sites.extend(sites);
    let node = recording.nodes.iter().find(|node| node.parent.is_none()).expect("A is outermost");
    let side = |thread, site, jobs_site| PoolUse {
        thread: ThreadNum(thread),
        site: SiteId(first + site),
        jobs_site: SiteId(first + jobs_site),
        ..PoolUse::default()
    };
    let across = HeldAcrossPool {
        instance: node.instance,
        class: Some(node.class),
        ticks: 7,
        holder: side(1, 0, 1),
        taker: side(2, 3, 2),
        ..HeldAcrossPool::default()
    };
    recording.held_across_pools.push(across);
    recording
}

#[test]
fn it_is_possible_and_has_all_four_places() {
    let found = "held-across-pool possible deny: A jobs of a thread pool x1";
    let analysis = check_recordings(&[held()], found);
    let finding = &analysis.findings[0];
    let lines: Vec<_> = finding.steps.iter().map(|step| step.place.line).collect();
    assert_eq!(lines, [1, 2, 3, 4]);
    assert!(finding.help.starts_with("release `Mutex<A>` before the call"), "{}", finding.help);
    // Twice the same is one.
    let mut twice = held();
    let again = twice.held_across_pools[0].clone();
    twice.held_across_pools.push(again);
    check_recordings(&[twice], "held-across-pool possible deny: A jobs of a thread pool x2");
}

#[test]
fn a_doubt_makes_it_a_warning() {
    let warned = "held-across-pool possible warn: A jobs of a thread pool x1";
    let mut doubtful = held();
    doubtful.held_across_pools[0].is_doubtful = true;
    check_recordings(&[doubtful], warned);
    let mut moved = held();
    let class = moved.held_across_pools[0].class.expect("known");
    moved.classes[class.0 as usize].guards_move = true;
    check_recordings(&[moved], warned);
}

#[test]
fn an_initialiser_is_advised_otherwise() {
    let mut recording = held();
    recording.held_across_pools[0].holder.access = Access { init: true, ..Access::default() };
    let analysis = check_recordings(
        &[recording],
        "held-across-pool possible deny: A jobs of a thread pool x1",
    );
    assert!(analysis.findings[0].help.starts_with("compute before"));
}

#[test]
fn what_happened_is_told_once() {
    let mut recording = held();
    let across = recording.held_across_pools[0].clone();
    let wait = Wait {
        kind: WaitKind::Mutex,
        object: across.instance.0,
        class: across.class,
        site: across.taker.site,
        ..Wait::default()
    };
    recording.deadlocks.push(Deadlock {
        kind: DeadlockKind::SelfLock,
        thread: across.taker.thread,
        ticks: 9,
        participants: vec![Participant {
            thread: across.taker.thread,
            wait,
            ..Participant::default()
        }],
    });
    check_recordings(&[recording], "self-deadlock observed deny: A x1");
}

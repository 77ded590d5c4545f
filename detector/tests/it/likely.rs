//! Orders of one schedule, which atomics and some joins give: they make a warning of an accusation, and nothing else.

use crate::checker::{check_recordings, record};
use crate::generator::{Rng, program};
use crate::recorder::run;
use std::collections::BTreeSet;
use syncscope_detector::finding::{Finding, Grade, Level};
use syncscope_detector::{Options, PlainSites, RuleId, analyze};
use syncscope_recording::Recording;
use syncscope_recording::model::{
    InstanceId, LikelyOrder, OrderSide, OrderedBy, Site, SiteId, ThreadNum,
};

const BOTH_WAYS: &str = "main: spawn t; spawn u; join t; join u
                         t: lock A; lock B
                         u: lock B; lock A";
/// The segment in which a thread begins.
const FIRST: u32 = 1;
const DENIED: &str = "lock-order-inversion possible deny: A B x1";
const WARNED: &str = "lock-order-inversion possible warn: A B x1";

/// Threads by their names.
fn thread(recording: &Recording, name: &str) -> ThreadNum {
    let mut threads = recording.threads.values();
    threads.find(|thread| thread.name.as_deref() == Some(name)).expect("a thread").number
}

fn atomic(name: Option<&str>) -> OrderedBy {
    OrderedBy::Atomic { address: 8, size: 1, name: name.map(str::to_owned) }
}

/// What a thread has stored by the end of a segment, another one has read at the beginning of one.
fn order(recording: &Recording, told: (&str, u32), learnt: (&str, u32)) -> LikelyOrder {
    let access = |(name, segment), at| OrderSide {
        thread: thread(recording, name),
        segment,
        at,
        site: SiteId::default(),
    };
    let (told, learnt) = (access(told, 1), access(learnt, 2));
    LikelyOrder { by: atomic(None), told, learnt, held: Vec::new() }
}

fn check(mut recording: Recording, orders: &[LikelyOrder], expect: &str) -> Vec<String> {
    recording.likely_orders = orders.to_vec();
    let analysis = check_recordings(&[recording], expect);
    analysis.findings.into_iter().flat_map(|finding| finding.notes).collect()
}

#[test]
fn a_side_that_is_over_when_the_other_begins_is_a_warning() {
    let recording = record(BOTH_WAYS);
    check(recording.clone(), &[], DENIED);
    let forth = order(&recording, ("t", FIRST), ("u", FIRST));
    let back = order(&recording, ("u", FIRST), ("t", FIRST));
    for order in [&forth, &back] {
        let notes = check(recording.clone(), std::slice::from_ref(order), WARNED);
        assert!(
            notes.iter().any(|note| note.contains("hangs on an atomic (stored at")),
            "{notes:?}"
        );
    }
    // Read only after the side.
    check(recording.clone(), &[order(&recording, ("t", FIRST), ("u", FIRST + 1))], DENIED);
}

#[test]
fn the_atomic_and_its_places_are_told() {
    let mut recording = record(BOTH_WAYS);
    let mut order = order(&recording, ("t", FIRST), ("u", FIRST));
    let site = |line| Site { file: "src/main.rs".into(), line, column: 1 };
    for (access, line) in [(&mut order.told, 70), (&mut order.learnt, 80)] {
        access.site = SiteId(recording.sites.len() as u32);
        recording.sites.push(site(line));
    }
    order.by = atomic(Some("app::READY"));
    let notes = check(recording, &[order], WARNED);
    let expected = "that one side was over before the other began hangs on the atomic `app::READY` (stored at src/main.rs:70, read at src/main.rs:80): \
                    if another value may be read there and the locks are taken all the same, it deadlocks";
    assert!(notes.iter().any(|note| note == expected), "{notes:?}");
}

#[test]
fn a_join_that_may_be_left_out_is_told() {
    let mut recording = record(BOTH_WAYS);
    let mut order = order(&recording, ("t", FIRST), ("u", FIRST));
    order.by = OrderedBy::Join;
    order.learnt.site = SiteId(recording.sites.len() as u32);
    recording.sites.push(Site { file: "src/main.rs".into(), line: 80, column: 1 });
    let notes = check(recording, &[order], WARNED);
    let expected = "that one side was over before the other began hangs on the join at src/main.rs:80: \
                    if another schedule may skip that join and the locks are taken all the same, it deadlocks";
    assert!(notes.iter().any(|note| note == expected), "{notes:?}");
}

#[test]
fn a_condition_variable_is_told_with_its_places() {
    let mut recording = record(BOTH_WAYS);
    let mut order = order(&recording, ("t", FIRST), ("u", FIRST));
    order.by = OrderedBy::Condition;
    for (side, line) in [(&mut order.told, 70), (&mut order.learnt, 80)] {
        side.site = SiteId(recording.sites.len() as u32);
        recording.sites.push(Site { file: "src/main.rs".into(), line, column: 1 });
    }
    let notes = check(recording, &[order], WARNED);
    let expected = "that one side was over before the other began hangs on a condition variable (notified at src/main.rs:70, waited for at src/main.rs:80): \
                    if another schedule may go on without that wait and the locks are taken all the same, it deadlocks";
    assert!(notes.iter().any(|note| note == expected), "{notes:?}");
}

#[test]
fn only_what_was_stored_before_is_covered() {
    // The second time is in a later segment than what is told.
    let recording = record(
        "main: spawn t; spawn u; join t; join u
         t: lock A; lock B; drop B; drop A; spawn x; join x; lock A@9; lock B@9
         u: lock B; lock A
         x: lock X",
    );
    let of_t = |node: &&syncscope_recording::model::ChainNode| {
        node.thread == Some(thread(&recording, "t")) && node.parent.is_some()
    };
    let last = recording.nodes.iter().filter(of_t).map(|node| node.last_segment).max().unwrap();
    assert!(last > 0);
    let all = order(&recording, ("t", last), ("u", FIRST));
    let some = order(&recording, ("t", last - 1), ("u", FIRST));
    let findings = |order: &LikelyOrder| {
        let mut recording = recording.clone();
        recording.likely_orders.push(order.clone());
        let analysis = analyze(&[recording], &Options::default(), &PlainSites);
        analysis.findings.iter().any(|finding| finding.level == Level::Deny)
    };
    assert!(!findings(&all));
    assert!(findings(&some));
}

#[test]
fn what_is_held_at_the_read_was_not_taken_after_it() {
    let recording = record(BOTH_WAYS);
    let of = |name: &str, is_outer: bool| {
        let thread = thread(&recording, name);
        let is_it = |node: &&syncscope_recording::model::ChainNode| {
            node.thread == Some(thread) && node.parent.is_none() == is_outer
        };
        recording.nodes.iter().find(is_it).expect("a node").instance
    };
    let with = |held: InstanceId| {
        let mut order = order(&recording, ("t", FIRST), ("u", FIRST));
        order.held.push(held);
        order
    };
    check(recording.clone(), &[with(of("u", true))], DENIED);
    check(recording.clone(), &[with(of("u", false))], WARNED);
}

#[test]
fn others_pass_it_on() {
    // `r` nests nothing; what it has read reaches `v` by a spawn, and by another atomic.
    let recording = record(
        "main: spawn t; spawn r; join t; join r
         t: lock A; lock B
         r: lock C; lock D; drop D; drop C; spawn u; join u
         u: lock B; lock A",
    );
    check(recording.clone(), &[], DENIED);
    check(recording.clone(), &[order(&recording, ("t", FIRST), ("r", FIRST))], WARNED);
    let recording = record(
        "main: spawn t; spawn r; spawn u; join t; join r; join u
         t: lock A; lock B
         r: lock C; lock D
         u: lock B; lock A",
    );
    let mut first = order(&recording, ("t", FIRST), ("r", FIRST + 1));
    let mut second = order(&recording, ("r", FIRST + 1), ("u", FIRST));
    (first.by, second.by) = (atomic(Some("F")), atomic(Some("G")));
    let notes = check(recording.clone(), &[second, first.clone()], WARNED);
    assert!(
        notes
            .iter()
            .any(|note| note.contains("`F` (stored") && note.contains(") and the atomic `G` (")),
        "{notes:?}"
    );
    // Told before it was read.
    let early = order(&recording, ("r", FIRST), ("u", FIRST));
    check(recording, &[first, early], DENIED);
}

#[test]
fn two_runs_of_one_program() {
    let mut recording = record(BOTH_WAYS);
    recording.likely_orders = vec![order(&recording, ("t", FIRST), ("u", FIRST))];
    let mut again = recording.clone();
    again.process.pid += 1;
    let is_denied = |recordings: &[Recording]| {
        let analysis = analyze(recordings, &Options::default(), &PlainSites);
        assert!(!analysis.findings.is_empty());
        analysis.findings.iter().any(|finding| finding.level == Level::Deny)
    };
    assert!(!is_denied(&[recording.clone(), again.clone()]));
    again.likely_orders.clear();
    assert!(is_denied(&[recording, again]));
}

/// Whatever likely orders say: nothing goes, nothing comes, and nothing is refuted; accusations may become warnings.
#[test]
fn likely_orders_refute_nothing() {
    let mut warned = 0;
    for seed in 0..2_000 {
        let mut rng = Rng(seed);
        let program = program(&mut rng);
        let recorded = run(&program, |enabled| enabled[rng.below(enabled.len())]);
        if recorded.try_failed || recorded.stuck {
            continue;
        }
        let plain = recorded.recording;
        let mut with = plain.clone();
        let threads: Vec<_> = plain.threads.keys().copied().collect();
        for _ in 0..rng.below(6) {
            let mut access = || OrderSide {
                thread: threads[rng.below(threads.len())],
                segment: rng.below(4) as u32,
                ..OrderSide::default()
            };
            let (told, learnt) = (access(), access());
            with.likely_orders.push(LikelyOrder { told, learnt, ..LikelyOrder::default() });
        }
        let findings = |recording| {
            let options = Options { refuted: true, ..Options::default() };
            analyze(&[recording], &options, &PlainSites).findings
        };
        let (plain, with) = (findings(plain), findings(with));
        // Which contexts are shown may change, and so where it was.
        let cycle = |finding: &Finding| {
            let mut locks: Vec<_> = finding.locks.iter().map(|lock| lock.instance).collect();
            locks.sort_unstable();
            (finding.rule.name(), locks)
        };
        let of_grade = |findings: &[Finding], is_refuted: bool| {
            let is_it = |f: &&Finding| (f.grade == Grade::Refuted) == is_refuted;
            findings.iter().filter(is_it).map(cycle).collect::<BTreeSet<_>>()
        };
        let (before, after) = (of_grade(&plain, false), of_grade(&with, false));
        assert!(before.is_subset(&after), "seed {seed}: {before:?} {after:?}");
        // Where a doubtful cycle leaves its edges to others, these are told, too; but what was only open is not refuted.
        let (was_refuted, is_refuted) = (of_grade(&plain, true), of_grade(&with, true));
        let mut fresh = is_refuted.difference(&was_refuted);
        assert!(fresh.all(|cycle| !before.contains(cycle)), "seed {seed}");
        let denied = |findings: &[Finding]| {
            let is_denied =
                |f: &&Finding| f.rule == RuleId::LOCK_ORDER_INVERSION && f.level == Level::Deny;
            findings.iter().filter(is_denied).count()
        };
        warned += usize::from(denied(&with) < denied(&plain));
    }
    assert!(warned > 20, "{warned}");
}

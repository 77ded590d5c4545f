//! Coverage, and what losses do to verdicts.

use crate::checker::{check, check_recordings, record};
use syncscope_detector::{Options, PlainSites, analyze};
use syncscope_recording::Recording;
use syncscope_recording::model::{Class, Label, SiteId, ThreadNum};

const GATED: &str = "main: spawn t; lock G; lock A; lock B; drop B; drop A; drop G; join t
                     t: lock G; lock B; lock A";

#[test]
fn what_was_looked_at_is_counted() {
    let coverage = check(&[GATED], "lock-order-inversion refuted(gate G) allow: A B x1").coverage;
    assert_eq!(
        (coverage.processes, coverage.threads, coverage.locks, coverage.classes),
        (1, 2, 3, 3)
    );
    // G→A, G→B, A→B, B→A.
    assert_eq!(coverage.edges, 4);
    assert_eq!((coverage.lost, coverage.losses.len()), (0, 0));
    let coverage = check(
        &[GATED, "main: lock A; lock X"],
        "lock-order-inversion refuted(gate G) allow: A B x1",
    )
    .coverage;
    assert_eq!((coverage.processes, coverage.classes, coverage.edges), (2, 4, 5));
}

#[test]
fn classes_are_counted_as_they_are_told_apart() {
    // Locks that std made: nothing but a name of the source tells them apart.
    let classes = |change: fn(&mut Class, usize)| {
        let mut recording = record(GATED);
        for (number, class) in recording.classes.iter_mut().enumerate().skip(1) {
            (class.site, class.from_stack, class.name) = (SiteId(0), true, None);
            class.type_name = "u32".to_owned();
            change(class, number);
        }
        analyze(&[recording], &Options::default(), &PlainSites).coverage.classes
    };
    assert_eq!(classes(|_, _| ()), 3);
    let named = |class: &mut Class, number: usize| {
        let full = ["stock", "prices", "prices"][number - 1].to_owned();
        class.label = Some(Label { full, ..Label::default() });
    };
    assert_eq!(classes(named), 2, "two of one name are one");
    assert_eq!(classes(|class, _| class.instances = 0), 0, "others have their locks now");
}

#[test]
fn nothing_is_no_finding() {
    assert_eq!(check_recordings(&[], "").coverage.processes, 0);
    check_recordings(&[Recording::default()], "");
}

#[test]
fn lost_contexts_weaken_refutations() {
    let check = |lose: fn(&mut Recording), expect: &str| {
        let mut recording = record(GATED);
        lose(&mut recording);
        check_recordings(&[recording], expect)
    };
    let refuted = "lock-order-inversion refuted(gate G) allow: A B x1";
    let possible = "lock-order-inversion possible warn: A B G x1";
    let analysis = check(|recording| recording.lost.nodes = 12, possible);
    let notes = &analysis.findings[0].notes;
    let expected = "`Mutex<G>` is held around both sides, as far as was recorded; \
                    but 12 nestings lost may hide the missing case";
    assert!(notes.iter().any(|note| note == expected), "{notes:?}");
    assert_eq!(analysis.coverage.losses, ["12 nestings lost"]);
    check(|recording| recording.lost.threads = 1, possible);
    check(|recording| recording.lost.chunks = 1, possible);
    check(|recording| recording.lost.records = 1, possible);
    check(|recording| recording.lost.damage.push("a hole".to_owned()), possible);
    // Events are not what verdicts rest on, and a ring that wrapped has lost nothing.
    check(|recording| recording.lost.events = 5, refuted);
    check(|recording| recording.lost.overwritten = 5, refuted);
}

#[test]
fn losses_elsewhere_weaken_only_what_merges() {
    let mut other = record("main: lock X");
    other.lost.nodes = 1;
    // `A` and `B` may have been nested in the other process too.
    check_recordings(
        &[record(GATED), other.clone()],
        "lock-order-inversion possible warn: A B G x1",
    );
    let local = "main: lock G; lock a#1; lock a#2; drop a#2; drop a#1; lock a#2; lock a#1";
    check_recordings(
        &[record(local), other],
        "lock-order-inversion refuted(one thread: thread `main`) allow: a a x1",
    );
}

#[test]
fn merged_nodes_are_threads_of_their_own() {
    let one_thread = "main: lock A; lock B; drop B; drop A; lock B; lock A";
    let mut recording = record(one_thread);
    for node in &mut recording.nodes {
        node.thread = None;
    }
    check_recordings(&[recording], "lock-order-inversion possible deny: A B x1");
    let mut recording = record(
        "main: lock A; lock B; drop B; drop A; spawn t; join t
         t: lock B; lock A",
    );
    for node in &mut recording.nodes {
        node.thread = node.thread.filter(|thread| *thread != ThreadNum(2));
    }
    // Who took `B` then `A` is not known, but its clock is that of the first who did.
    for node in recording.nodes.iter_mut().filter(|node| node.thread.is_none()) {
        node.first_clock = None;
    }
    check_recordings(&[recording], "lock-order-inversion possible deny: A B x1");
}

#[test]
fn damaged_references_do_no_harm() {
    let mut recording = record(GATED);
    recording.classes.truncate(2);
    recording.sites.truncate(2);
    recording.threads.clear();
    recording.clocks.clear();
    let count = recording.nodes.len() as u32;
    for (index, node) in recording.nodes.iter_mut().enumerate() {
        // Circles, children before parents, and parents that do not exist.
        node.parent = node.parent.map(|mut parent| {
            parent.0 = [parent.0, index as u32, count + 7, index as u32 + 1][index % 4];
            parent
        });
        node.first_clock = Some(u32::MAX);
        node.stack = Some(u32::MAX);
    }
    let analysis = syncscope_detector::analyze(
        &[recording],
        &syncscope_detector::Options { refuted: true, ..syncscope_detector::Options::default() },
        &syncscope_detector::PlainSites,
    );
    assert_eq!(analysis.coverage.processes, 1);
}

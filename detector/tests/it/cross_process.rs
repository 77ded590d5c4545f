//! Recordings of several processes, analysed together.

use crate::checker::{check, check_recordings, record};
use syncscope_recording::model::SiteId;

const AB: &str = "main: lock A@1; lock B@2";
const BA: &str = "main: lock B@3; lock A@4";

#[test]
fn inversions_across_processes() {
    let mut recordings = [record(AB), record(BA)];
    recordings[0].process.test = Some("first".to_owned());
    recordings[1].process.test = Some("second".to_owned());
    (recordings[0].process.pid, recordings[1].process.pid) = (71, 72);
    let analysis = check_recordings(&recordings, "lock-order-inversion possible deny: A B x1");
    let finding = &analysis.findings[0];
    assert_eq!(finding.processes, [0, 1]);
    assert!(finding.locks.iter().all(|lock| lock.instance == 0), "they stand for classes");
    assert!(
        finding
            .notes
            .iter()
            .any(|note| note == "seen in different processes: test `first` and test `second`"),
        "{:?}",
        finding.notes
    );
    let pids = finding.threads.iter().map(|thread| thread.pid);
    assert!(pids.eq([Some(71), Some(72)]), "both are main threads");
    let by: Vec<_> = finding.notes.iter().filter(|note| note.contains("of process")).collect();
    assert_eq!(by.len(), 2, "{:?}", finding.notes);
    recordings[1].threads.values_mut().for_each(|thread| thread.name = Some("other".to_owned()));
    let analysis = check_recordings(&recordings, "lock-order-inversion possible deny: A B x1");
    assert!(analysis.findings[0].threads.iter().all(|thread| thread.pid.is_none()));
}

#[test]
fn classes_with_several_instances_do_not_merge() {
    check(&["main: lock a#1; lock B", "main: lock B; lock a#1; drop a#1; lock a#2"], "");
    // Nor when the second instance shows up in a third process.
    check(
        &["main: lock A; lock B", "main: lock B; lock A", "main: lock A#2; drop A#2; lock A#3"],
        "",
    );
}

#[test]
fn a_named_lock_merges_where_it_is_the_only_one() {
    let other = "main: lock $A#1; drop $A#1; lock $A#2";
    check(
        &["main: lock $A; lock $B", "main: lock $B; lock $A", other],
        "lock-order-inversion possible deny: A B x1",
    );
    check(&["main: lock $A; lock $B", "main: lock $B; lock $A#1; drop $A#1; lock $A#2"], "");
}

#[test]
fn gates_hold_across_processes() {
    check(
        &["main: lock G; lock A; lock B", "main: lock G; lock B; lock A"],
        "lock-order-inversion refuted(gate G) allow: A B x1",
    );
}

#[test]
fn threads_and_clocks_of_processes_do_not_mix() {
    // The same thread number and segments in both; `t` of the second process comes after a join.
    check(
        &[
            "main: lock A; lock B",
            "main: spawn t; join t; lock B; lock A
                                   t: lock C",
        ],
        "lock-order-inversion possible warn: A B x1",
    );
}

#[test]
fn a_class_without_a_place_of_its_own_does_not_merge() {
    let mut recordings = [record(AB), record(BA)];
    for recording in &mut recordings {
        for class in &mut recording.classes {
            class.from_stack = true;
        }
    }
    check_recordings(&recordings, "");
    for recording in &mut recordings {
        for class in recording.classes.iter_mut().skip(1) {
            class.from_stack = false;
            class.site = SiteId(0);
        }
    }
    check_recordings(&recordings, "");
    // A name makes it one.
    for recording in &mut recordings {
        for class in recording.classes.iter_mut().skip(1) {
            class.from_stack = true;
            class.name = Some(class.type_name.clone());
        }
    }
    check_recordings(&recordings, "lock-order-inversion possible deny: app::A app::B x1");
}

#[test]
fn the_same_finding_in_two_processes_is_one() {
    let inversion = "main: spawn t; lock a#1@1; lock a#2@2; drop a#2; drop a#1; join t
                     t: lock a#2@1; lock a#1@2";
    let analysis = check(&[inversion, inversion], "lock-order-inversion possible deny: a a x2");
    let finding = &analysis.findings[0];
    assert_eq!(finding.processes, [0, 1]);
    assert!(
        finding.notes.iter().any(|note| note == "the same for 2 pairs of instances in 2 processes")
    );
}

/// Start-up in one order, then threads in the other: within each process the fork orders the sides, and no process can mix the
/// start-up of one run with the threads of another.
#[test]
fn what_each_of_two_runs_refutes_is_not_put_together() {
    let fork = "main: lock A; lock B; drop B; drop A; spawn t; join t
                t: lock B; lock A";
    check(&[fork, fork], "lock-order-inversion refuted(order) allow: A B x2");
    let one_thread = "main: lock A; lock B; drop B; drop A; lock B; lock A";
    check(&[one_thread, one_thread], "lock-order-inversion refuted(order) allow: A B x2");
    // A third process in which the two meet.
    let meet = "main: spawn t; lock A; lock B; drop B; drop A; join t
                t: lock B; lock A";
    check(&[fork, fork, meet], "lock-order-inversion possible deny: A B x3");
    // The same places, in threads that came about in another way.
    let other = "main: lock A@1; lock B@2; drop B; drop A; spawn t; join t
                 t: lock B@3; lock A@4";
    let main_alone = "main: lock B@3; lock A@4";
    check(&[other, main_alone], "lock-order-inversion possible warn: A B x1");
}

#[test]
fn a_lossy_run_refutes_nothing_of_another() {
    let fork = "main: lock A; lock B; drop B; drop A; spawn t; join t
                t: lock B; lock A";
    let mut recordings = [record(fork), record(fork)];
    for recording in &mut recordings {
        recording.lost.nodes = 1;
    }
    check_recordings(&recordings, "lock-order-inversion possible warn: A B x2");
}

#[test]
fn a_side_in_the_child_of_a_fork_is_a_warning() {
    let one = record("main: lock A@1; lock B@2");
    let mut other = record("main: lock B@3; lock A@4");
    check_recordings(&[one.clone(), other.clone()], "lock-order-inversion possible deny: A B x1");
    // Its locks are copies.
    other.process.forked_from = Some(1);
    check_recordings(&[one, other], "lock-order-inversion possible warn: A B x1");
}

#[test]
fn a_side_that_was_seen_alone_is_a_warning() {
    let alone = "main: lock A; lock B; drop B; drop A; spawn t; join t
                 t: lock C; lock D";
    let after = "main: spawn t; join t; lock A; lock B
                 t: lock C; lock D";
    let beside = "main: spawn t; lock A; lock B; drop B; drop A; join t
                  t: lock C; lock D";
    let threads = "main: spawn t; spawn u; join t; join u
                   t: lock B; lock A
                   u: lock C; lock D";
    let analysis = check(&[alone, threads], "lock-order-inversion possible warn: A B x1");
    let note = "one side was seen only while its process had no other threads";
    assert!(analysis.findings[0].notes.iter().any(|text| text.starts_with(note)));
    check(&[after, threads], "lock-order-inversion possible warn: A B x1");
    check(&[beside, threads], "lock-order-inversion possible deny: A B x1");
    check(&[alone, beside, threads], "lock-order-inversion possible deny: A B x1");
}

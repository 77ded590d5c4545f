//! `lock-order-inversion` within one process.

use crate::checker::check;

#[test]
fn two_threads_in_opposite_orders() {
    let analysis = check(
        &["main: spawn t; lock A; lock B; drop B; drop A; join t
           t: lock B; lock A"],
        "lock-order-inversion possible deny: A B x1",
    );
    let finding = &analysis.findings[0];
    assert_eq!(
        finding.message,
        "lock order inversion between `Mutex<A>` (locks/A.rs:1) and `Mutex<B>` (locks/B.rs:1)"
    );
    let places: Vec<_> = finding
        .steps
        .iter()
        .map(|step| {
            format!(
                "{} {:?} {} at {}:{}",
                step.thread, step.kind, step.call, step.place.file, step.place.line
            )
        })
        .collect();
    assert_eq!(
        places,
        [
            "0 Holds lock at src/main.rs:2",
            "0 Wants lock at src/main.rs:3",
            "1 Holds lock at src/t.rs:1",
            "1 Wants lock at src/t.rs:2",
        ]
    );
    assert_eq!(finding.threads[1].spawned.line, 1);
}

#[test]
fn one_order_is_no_finding() {
    check(
        &["main: spawn t; lock A; lock B; drop B; drop A; join t
           t: lock A; lock B"],
        "",
    );
}

#[test]
fn cycles_of_any_length() {
    check(
        &["main: spawn t; spawn u; lock A; lock B; drop B; drop A; join t; join u
           t: lock B; lock C
           u: lock C; lock A"],
        "lock-order-inversion possible deny: A B C x1",
    );
    check(
        &["main: spawn t; spawn u; spawn v; spawn w; lock A; lock B
           t: lock B; lock C
           u: lock C; lock D
           v: lock D; lock F
           w: lock F; lock A"],
        "lock-order-inversion possible deny: A B C D F x1",
    );
}

#[test]
fn longer_cycles_over_reported_edges_are_not_repeated() {
    check(
        &["main: spawn t; spawn u; lock A; lock B; lock C
           t: lock C; lock B; lock A
           u: lock A; lock C; lock B"],
        "lock-order-inversion possible deny: A B x1
         lock-order-inversion possible deny: A C x1
         lock-order-inversion possible deny: B C x1",
    );
}

#[test]
fn one_thread_cannot_deadlock_with_itself() {
    check(
        &["main: lock A; lock B; drop B; drop A; lock B; lock A"],
        "lock-order-inversion refuted(one thread: thread `main`) allow: A B x1",
    );
    check(
        &["main: spawn t; lock A; drop A; join t
           t: lock A; lock B; drop B; drop A; lock B; lock A"],
        "lock-order-inversion refuted(one thread: thread `t`) allow: A B x1",
    );
}

#[test]
fn fewer_threads_than_edges() {
    check(
        &["main: spawn t; lock A; lock B; drop B; drop A; lock B; lock C; drop C; drop B; join t
           t: lock C; lock A"],
        "lock-order-inversion refuted(one thread: thread `main`) allow: A B C x1",
    );
}

#[test]
fn a_gate_lock_refutes() {
    check(
        &["main: spawn t; lock G; lock A; lock B; drop B; drop A; drop G; join t
           t: lock G; lock B; lock A"],
        "lock-order-inversion refuted(gate G) allow: A B x1",
    );
}

#[test]
fn a_gate_on_one_side_only_does_not() {
    check(
        &["main: spawn t; lock G; lock A; lock B; drop B; drop A; drop G; join t
           t: lock B; lock A"],
        "lock-order-inversion possible deny: A B x1",
    );
}

#[test]
fn a_gate_must_be_there_every_time() {
    check(
        &["main: spawn t; lock G; lock A; lock B; drop B; drop A; drop G; join t
           t: lock G; lock B; lock A; drop A; drop B; drop G; lock B; lock A"],
        "lock-order-inversion possible deny: A B x1",
    );
}

#[test]
fn a_shared_gate_is_none() {
    check(
        &["main: spawn t; read R; lock A; lock B; drop B; drop A; drop R; join t
           t: read R; lock B; lock A"],
        "lock-order-inversion possible deny: A B x1",
    );
    check(
        &["main: spawn t; write R; lock A; lock B; drop B; drop A; drop R; join t
           t: read R; lock B; lock A"],
        "lock-order-inversion refuted(gate R) allow: A B x1",
    );
}

/// In another schedule the attempt fails, and the program may go on all the same.
#[test]
fn a_gate_by_an_attempt_is_a_doubtful_one() {
    let tried = "main: spawn t; try_lock G; lock A; lock B; drop B; drop A; drop G; join t
                 t: lock G; lock B; lock A";
    let analysis = check(&[tried], "lock-order-inversion possible warn: A B x1");
    let notes = &analysis.findings[0].notes;
    assert!(notes.iter().any(|note| note.contains("by an attempt that may fail")), "{notes:?}");
    // Where the sides can do without, that is no warning.
    let without = "main: spawn t; try_lock G; lock A; lock B; drop B; drop A; drop G; join t
                   t: lock B; lock A";
    check(&[without], "lock-order-inversion possible deny: A B x1");
    // A further gate does.
    check(
        &["main: spawn t; lock H; try_lock G; lock A; lock B; drop B; drop A; drop G; drop H; join t
           t: lock H; lock G; lock B; lock A"],
        "lock-order-inversion refuted(gate H) allow: A B x1",
    );
    // What is in no nesting of its own since a lock below it was released first was requested nevertheless.
    check(
        &["main: spawn t; lock X; lock G; drop X; lock A; lock B; drop B; drop A; drop G; join t
           t: lock G; lock B; lock A"],
        "lock-order-inversion refuted(gate G) allow: A B x1",
    );
    check(
        &["main: spawn t; lock X; try_lock G; drop X; lock A; lock B; drop B; drop A; drop G; join t
           t: lock G; lock B; lock A"],
        "lock-order-inversion possible warn: A B x1",
    );
    // Nor does one run with both refute what is of two.
    check(&[tried, tried], "lock-order-inversion possible warn: A B x2");
}

#[test]
fn a_gate_dropped_before_the_second_lock_is_none() {
    check(
        &["main: spawn t; lock G; lock A; drop G; lock B; drop B; drop A; join t
           t: lock G; lock B; drop G; lock A"],
        "lock-order-inversion possible deny: A B x1",
    );
}

#[test]
fn a_gate_dropped_after_the_second_lock_is_one() {
    // `B` was requested under `G`; that `G` goes first afterwards changes nothing.
    check(
        &["main: spawn t; lock G; lock A; lock B; drop G; lock X; drop X; drop B; drop A; join t
           t: lock G; lock B; lock A; drop G; lock X"],
        "lock-order-inversion refuted(gate G) allow: A B x1",
    );
}

#[test]
fn fork_and_join_order() {
    check(
        &["main: lock A; lock B; drop B; drop A; spawn t; join t
           t: lock B; lock A"],
        "lock-order-inversion refuted(order) allow: A B x1",
    );
    check(
        &["main: spawn t; join t; lock A; lock B
           t: lock B; lock A"],
        "lock-order-inversion refuted(order) allow: A B x1",
    );
    // Joined by one thread, continued by another that it spawns.
    check(
        &["main: spawn t; join t; spawn u; join u
           t: lock B; lock A
           u: lock A; lock B"],
        "lock-order-inversion refuted(order) allow: A B x1",
    );
}

#[test]
fn before_and_after_are_not_around() {
    // The first occurrence is before the fork, the last one is not.
    check(
        &["main: lock A@1; lock B@2; drop B; drop A; spawn t; lock A@1; lock B@2; drop B; drop A; join t
           t: lock B; lock A"],
        "lock-order-inversion possible deny: A B x1",
    );
}

#[test]
fn a_try_is_not_waited_for_but_holds() {
    check(
        &["main: spawn t; lock A; lock B; drop B; drop A; join t
           t: lock B; try_lock A"],
        "",
    );
    check(
        &["main: spawn t; try_lock A; lock B; drop B; drop A; join t
           t: lock B; lock A"],
        "lock-order-inversion possible deny: A B x1",
    );
}

#[test]
fn a_wait_takes_its_mutex_again() {
    // `A` is held during the wait on `M`, which then wants `M` while holding `A`.
    check(
        &["main: spawn t; lock A; lock M; wait M; drop M; drop A; join t
           t: lock M; lock A"],
        "lock-order-inversion possible deny: A M x1",
    );
    let analysis = check(
        &["main: spawn t; lock M; lock A; wait M; drop A; drop M; join t
           t: lock M; lock A"],
        "lock-order-inversion possible deny: A M x1",
    );
    let calls: Vec<_> = analysis.findings[0].steps.iter().map(|step| step.call).collect();
    assert!(calls.contains(&"wait"), "{calls:?}");
}

#[test]
fn initialisers_are_locks() {
    check(
        &["main: spawn t; init O; lock A; drop A; drop O; join t
           t: lock A; use O"],
        "lock-order-inversion possible deny: A O x1",
    );
    check(
        &["main: init O; lock A; drop A; drop O; spawn t; join t
           t: lock A; use O"],
        "lock-order-inversion refuted(order) allow: A O x1",
    );
}

#[test]
fn taking_a_reentrant_lock_again_is_nothing() {
    check(
        &["main: spawn t; lock E; lock A; lock E; drop E; drop A; drop E; join t
           t: lock E; lock A"],
        "",
    );
}

#[test]
fn writers_in_opposite_orders() {
    check(
        &["main: spawn t; write R1; write R2; drop R2; drop R1; join t
           t: write R2; write R1"],
        "lock-order-inversion possible deny: R1 R2 x1",
    );
}

#[test]
fn a_reader_waits_for_a_writer() {
    check(
        &["main: spawn t; write R1; read R2; drop R2; drop R1; join t
           t: write R2; read R1"],
        "lock-order-inversion possible deny: R1 R2 x1",
    );
    check(
        &["main: spawn t; read R1; write R2; drop R2; drop R1; join t
           t: read R2; write R1"],
        "lock-order-inversion possible deny: R1 R2 x1",
    );
}

#[test]
fn readers_do_not_wait_for_readers() {
    check(
        &["main: spawn t; read R1; read R2; drop R2; drop R1; join t
           t: read R2; read R1"],
        "lock-order-inversion refuted(readers) allow: R1 R2 x1",
    );
    check(
        &["main: spawn t; read R; lock A; drop A; drop R; join t
           t: lock A; read R"],
        "lock-order-inversion refuted(readers) allow: A R x1",
    );
}

#[test]
fn readers_wait_behind_a_queued_writer() {
    let analysis = check(
        &["main: spawn t; spawn w; read R; lock A; drop A; drop R; join t; join w
           t: lock A; read R
           w: write R"],
        "lock-order-inversion possible deny: A R x1",
    );
    // The writer is a third thread of the schedule.
    assert_eq!(analysis.findings[0].threads.len(), 3);
    // One writer cannot be queued at two locks.
    check(
        &["main: spawn t; spawn w; read R1; read R2; drop R2; drop R1; join t; join w
           t: read R2; read R1
           w: write R1; drop R1; write R2"],
        "lock-order-inversion refuted(readers) allow: R1 R2 x1",
    );
    check(
        &["main: spawn t; spawn v; spawn w; read R1; read R2; drop R2; drop R1; join t
           t: read R2; read R1
           v: write R1
           w: write R2"],
        "lock-order-inversion possible deny: R1 R2 x1",
    );
}

#[test]
fn a_writer_among_the_cycles_threads_does_not_queue() {
    check(
        &["main: spawn t; read R; lock A; drop A; drop R; write R; drop R; join t
           t: lock A; read R"],
        "lock-order-inversion refuted(readers) allow: A R x1",
    );
}

#[test]
fn a_writer_behind_a_gate_or_before_the_fork_does_not_queue() {
    check(
        &["main: spawn t; spawn w; read R; lock A; drop A; drop R; join t; join w
           t: lock A; read R
           w: lock A; write R"],
        // The writer cannot be queued while `t` holds `A`, but it wants `R` under `A` itself.
        "lock-order-inversion possible deny: A R x1",
    );
    check(
        &["main: spawn t; spawn w; lock G; read R; lock A; drop A; drop R; drop G; join t; join w
           t: lock A; read R
           w: lock G; write R"],
        "lock-order-inversion refuted(readers) allow: A R x1",
    );
    check(
        &["main: write R; drop R; spawn t; spawn u; join t; join u
           t: lock A; read R
           u: read R; lock A"],
        "lock-order-inversion refuted(order) allow: A R x1",
    );
}

#[test]
fn a_recursive_reader_passes_queued_writers() {
    check(
        &["main: spawn t; spawn w; read R; lock A; drop A; drop R; join t; join w
           t: lock A; read_rec R
           w: write R"],
        "lock-order-inversion refuted(readers) allow: A R x1",
    );
}

#[test]
fn instances_of_one_class() {
    let analysis = check(
        &["main: spawn t; lock acc#1@1; lock acc#2@2; drop acc#2; drop acc#1; join t
           t: lock acc#2@1; lock acc#1@2"],
        "lock-order-inversion possible deny: acc acc x1",
    );
    let finding = &analysis.findings[0];
    assert_eq!(
        finding.message,
        "lock order inversion between two instances of `Mutex<acc>` (locks/acc.rs:1)"
    );
    assert!(finding.help.contains("in one order"), "{}", finding.help);
}

#[test]
fn pairs_of_instances_at_the_same_places_are_one_finding() {
    let analysis = check(
        &["main: spawn t; lock a#1@1; lock a#2@2; drop a#2; drop a#1; lock a#3@1; lock a#4@2; drop a#4; drop a#3
           t: lock a#2@1; lock a#1@2; drop a#1; drop a#2; lock a#4@1; lock a#3@2"],
        "lock-order-inversion possible deny: a a x2",
    );
    let notes = &analysis.findings[0].notes;
    assert!(notes.iter().any(|note| note == "the same for 2 pairs of instances"), "{notes:?}");
}

#[test]
fn different_places_are_different_findings() {
    check(
        &["main: spawn t; lock a#1@1; lock a#2@2; drop a#2; drop a#1; lock a#3@3; lock a#4@4; drop a#4; drop a#3
           t: lock a#2@1; lock a#1@2; drop a#1; drop a#2; lock a#4@3; lock a#3@4"],
        "lock-order-inversion possible deny: a a x1
         lock-order-inversion possible deny: a a x1",
    );
}

#[test]
fn the_rarer_order_is_the_one_to_change() {
    let analysis = check(
        &["main: spawn t; lock $A@1; lock $B@2; drop $B; drop $A; lock $A@1; lock $B@2; drop $B; drop $A; join t
           t: lock $B; lock $A"],
        "lock-order-inversion possible deny: A B x1",
    );
    let finding = &analysis.findings[0];
    assert_eq!(finding.message, "lock order inversion between `A` and `B`");
    assert_eq!(finding.help, "take `A` before `B` everywhere, as 2 of 3 nestings do");
    assert_eq!(finding.notes[0], "`A` before `B`: twice by thread `main`");
    assert_eq!(finding.notes[1], "`B` before `A`: once by thread `t`");
}

#[test]
fn the_fingerprint_knows_places_and_locks_only() {
    let fingerprint = |program: &str| {
        check(&[program], "lock-order-inversion possible deny: A B x1").findings[0]
            .fingerprint
            .clone()
    };
    let first = fingerprint(
        "main: spawn t; lock A@1; lock B@2; drop B; drop A; join t
         t: lock B@3; lock A@4",
    );
    // Other threads, other instance numbers, the edges met in another order.
    let second = fingerprint(
        "boss: lock X; drop X; spawn u; spawn v; join u; join v
         u: lock B@3; lock A@4
         v: lock A@1; lock B@2",
    );
    assert_eq!(first, second);
    let elsewhere = fingerprint(
        "main: spawn t; lock A@1; lock B@2; drop B; drop A; join t
         t: lock B@3; lock A@5",
    );
    assert_ne!(first, elsewhere);
}

//! `recursive-read`.

use crate::checker::check;

#[test]
fn a_writer_may_queue_in_between() {
    let analysis = check(
        &["main: spawn w; read R; read R; drop R; drop R; join w
           w: write R"],
        "recursive-read possible warn: R x1",
    );
    let finding = &analysis.findings[0];
    assert_eq!(
        finding.message,
        "`RwLock<R>` (locks/R.rs:1) is read again by a thread that reads it already"
    );
    assert_eq!(finding.threads.len(), 2);
}

#[test]
fn locks_in_between_change_nothing() {
    check(
        &["main: spawn w; read R; lock A; read R; drop R; drop A; drop R; join w
           w: write R"],
        "recursive-read possible warn: R x1",
    );
}

#[test]
fn without_another_writer_nothing_queues() {
    check(
        &["main: spawn t; read R; read R; drop R; drop R; join t
           t: read R"],
        "recursive-read refuted(readers) allow: R x1",
    );
    check(
        &["main: write R; drop R; read R; read R"],
        "recursive-read refuted(readers) allow: R x1",
    );
}

#[test]
fn writers_that_cannot_meet_the_reader() {
    check(
        &["main: write R; drop R; spawn t; join t
           t: read R; read R"],
        "recursive-read refuted(order) allow: R x1",
    );
    check(
        &["main: spawn w; lock G; read R; read R; drop R; drop R; drop G; join w
           w: lock G; write R"],
        "recursive-read refuted(gate G) allow: R x1",
    );
    check(
        &["main: spawn w; read R; read R; drop R; drop R; join w
           w: try_write R"],
        "recursive-read refuted(readers) allow: R x1",
    );
}

#[test]
fn one_writer_that_can_is_enough() {
    check(
        &["main: write R; drop R; spawn w; lock G; read R; read R; drop R; drop R; drop G; join w
           w: lock G; write R; drop R; drop G; write R"],
        "recursive-read possible warn: R x1",
    );
}

#[test]
fn reads_that_do_not_wait_for_writers() {
    check(
        &["main: spawn w; read R; read_rec R; drop R; drop R; join w
           w: write R"],
        "",
    );
    check(
        &["main: spawn w; read R; try_read R; drop R; drop R; join w
           w: write R"],
        "",
    );
    // The first read may be of any sort: it is the second one that waits.
    check(
        &["main: spawn w; read_rec R; read R; drop R; drop R; join w
           w: write R"],
        "recursive-read possible warn: R x1",
    );
}

#[test]
fn places_make_findings_and_counts_add_up() {
    check(
        &["main: spawn w; read R@1; read R@2; drop R; drop R; read R@1; read R@2; drop R; drop R; read R@1; read R@3; drop R; drop R; join w
           w: write R"],
        "recursive-read possible warn: R x2
         recursive-read possible warn: R x1",
    );
}

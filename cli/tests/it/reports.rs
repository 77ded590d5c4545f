//! What people read: each shape of finding as it is printed.

use crate::support::{Bank, golden};
use syncscope_recording::Recording;
use syncscope_recording::model::{Panic, ThreadNum};

fn check(name: &str, recording: Recording, args: &[&str], code: i32) {
    let project = Bank::project();
    project.store("1.syncscope", recording);
    let outcome = project.call(&[args, &["."]].concat());
    golden(&format!("{name}.txt"), &outcome.stdout);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (code, ""), "{name}");
}

#[test]
fn findings_in_full() {
    check("inverted", Bank::inverted(), &["check"], 1);
    check("deadlocked", Bank::deadlocked(), &["check"], 1);
    let mut gone = Bank::deadlocked();
    gone.board.clear();
    check("deadlocked_and_gone", gone, &["check"], 1);
    check("relocked", Bank::relocked(), &["check"], 1);
    check("read_again", Bank::read_again(), &["check"], 0);
}

#[test]
fn the_declared_order_is_a_setting() {
    let project = Bank::project();
    project.store("1.syncscope", Bank::alone());
    project.write("syncscope.toml", b"[order]\nmoney = ['LEDGER', 'main.rs:audit', 'nobody']\n");
    let outcome = project.call(&["check", "."]);
    golden("declared_order.txt", &outcome.stdout);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""));
    project.write(
        "syncscope.toml",
        b"[order]\nmoney = ['LEDGER', 'audit']\nodd = ['audit', 'LEDGER']\n",
    );
    let outcome = project.call(&["check", "."]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""));
    assert_eq!(
        outcome.stderr,
        "error: [project]/syncscope.toml:3:7: `order.odd` says `audit` before `LEDGER`, and other orders say the opposite\n"
    );
}

#[test]
fn many_threads_and_instances_stay_readable() {
    check("ring_3", Bank::ring(3), &["check"], 1);
    check("ring_5", Bank::ring(5), &["check"], 1);
}

#[test]
fn success_says_what_was_checked() {
    check("correct", Bank::correct(), &["check"], 0);
    check("quiet", Bank::correct(), &["check", "-q"], 0);
}

#[test]
fn refuted_findings_are_shown_on_request() {
    check("alone", Bank::alone(), &["check"], 0);
    check("alone_refuted", Bank::alone(), &["check", "--refuted"], 0);
}

#[test]
fn one_line_each() {
    check("short", Bank::inverted(), &["check", "--format", "short"], 1);
}

#[test]
fn the_state_at_the_end() {
    check("report_deadlocked", Bank::deadlocked(), &["report"], 1);
    let mut panicked = Bank::deadlocked();
    let message = "account 17 has no owner".to_owned();
    let panic =
        Panic { thread: ThreadNum(2), ticks: 3 << 20, message, start: None, ends_thread: true };
    panicked.panics.push(panic);
    check("report_panicked", panicked, &["report"], 1);
    check("report_inverted", Bank::inverted(), &["report", "--events", "3"], 1);
}

#[test]
fn without_the_source_places_are_lines() {
    let project = crate::support::Project::new(&[]);
    project.store("1.syncscope", Bank::inverted());
    let outcome = project.call(&["check", "."]);
    golden("inverted_without_source.txt", &outcome.stdout);
    assert_eq!(outcome.code, 1);
}

#[test]
fn colours_on_request_only() {
    let project = Bank::project();
    project.store("1.syncscope", Bank::inverted());
    let plain = project.call(&["check", "."]);
    let coloured = project.call(&["check", ".", "--color", "always"]);
    assert!(!plain.stdout.contains('\u{1b}'));
    assert!(coloured.stdout.contains("\u{1b}["));
    assert_eq!(anstream::adapter::strip_str(&coloured.stdout).to_string(), plain.stdout);
}

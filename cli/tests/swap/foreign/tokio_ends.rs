//! Tasks of tokio that wait for messages from each other, beside a ticker and a thread that sleeps; and tasks that idle.

use crate::support::{FUTURES, Project, line_of};

const MAIN: &str = include_str!("tokio_ends/main.rs");
const STUCK: &str = include_str!("tokio_ends/stuck.rs");
const FILES: [(&str, &str); 3] = [
    ("src/main.rs", MAIN),
    ("src/stuck.rs", STUCK),
    ("src/idle.rs", include_str!("tokio_ends/idle.rs")),
];

/// Each with the ends of the lines that must be told.
const ALL_STUCK: [(&str, &[&str]); 10] = [
    ("circle", &["// left", "// right"]),
    ("actors", &["// answer"]),
    ("itself", &["// answer"]),
    ("own_sender", &["// drains"]),
    ("kept_sender", &["// works", "// keeps"]),
    ("full", &["// fills right", "// fills left"]),
    ("results", &["// result", "// all"]),
    ("permit", &["// worker", "// user", "// has"]),
    ("lock", &["// holds", "// receives", "// locks"]),
    ("event", &["// keeps it", "// listens", "// needs it"]),
];

const IDLE: [&str; 22] = [
    "on_a_stack",
    "with_a_thread_that_waits",
    "in_a_table",
    "in_a_local",
    "in_a_message",
    "weak",
    "in_a_poll",
    "with_a_ticker",
    "in_a_box",
    "peers",
    "for_ever",
    "either",
    "pool",
    "slow_reply",
    "listens",
    "own_and_on_a_stack",
    "own_and_with_a_thread_that_waits",
    "own_and_in_a_call",
    "own_and_in_a_table",
    "own_and_in_a_box",
    "own_and_in_a_poll",
    "own_and_weak",
];

fn project() -> Project {
    Project::of_tokio("ends", FUTURES, &FILES)
}

#[test]
fn tasks_that_wait_for_each_others_messages_are_a_deadlock() {
    let project = project();
    // On one thread the proof may take several looks: that thread polls the ticker, and what moves have left on its stack counts while it does.
    for (program, ends) in ALL_STUCK {
        let outcome = project.call(&format!("run -- {program}"));
        let line = |end: &&str| line_of(STUCK, end).replace("main.rs", "stuck.rs");
        let places: Vec<String> = ends.iter().map(line).collect();
        let mut told = vec!["error[deadlock]"];
        told.extend(places.iter().map(|place| &**place));
        outcome.expect(1, &told);
        outcome.lacks(&["went on"]);
    }
}

#[test]
fn who_blocks_on_a_handle_has_its_own_place() {
    let project = project();
    for runtime in ["", " current"] {
        let outcome = project.call(&format!("run -- handle{runtime}"));
        let place = line_of(MAIN, "// blocks");
        outcome.expect(1, &["error[deadlock]", &format!("in `join` at {place}")]);
    }
}

#[test]
fn tasks_that_others_may_send_to_idle() {
    let project = project();
    for runtime in ["", " current"] {
        for program in IDLE {
            let outcome =
                project.call(&format!("run --stall 1s --blocking 20s -- {program}{runtime}"));
            outcome.expect(0, &["went on"]);
            outcome.lacks(&["error[", "warning[stall]"]);
        }
    }
}

//! Orders that atomics give.

use crate::support::{Outcome, Project, line_of, names_in};
use serde_json::Value;
use std::path::{Path, PathBuf};

const PROGRAM: &str = include_str!("atomics/program.rs.txt");

fn built(project: &Project, options: &str, profile: &str) -> PathBuf {
    project.call(&format!("build {options}")).expect(0, &["built under"]);
    project.built(profile, "app")
}

fn run(project: &Project, program: &Path, name: &str) -> (Outcome, Vec<Value>) {
    let mut command = project.command("exec --refuted --format json --");
    let outcome = Outcome::of(command.arg(program).arg(name).output().unwrap());
    let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap().clone();
    (outcome, findings)
}

fn hangs(finding: &Value) -> bool {
    let mut notes = finding["notes"].as_array().unwrap().iter();
    notes.any(|note| note.as_str().unwrap().contains("hangs on"))
}

/// Nothing is denied where an atomic keeps two sides apart; and nothing is refuted, since a tool cannot know that the program waits for the value.
fn expect_ordered(project: &Project, program: &Path, name: &str) {
    let (outcome, findings) = run(project, program, name);
    outcome.expect(0, &[]);
    // One thread may happen to do all of it.
    let is_one_thread =
        |finding: &&Value| finding["grade"] == "refuted" && matches!(name, "pool" | "cell");
    for finding in findings.iter().filter(|finding| !is_one_thread(finding)) {
        assert_eq!(finding["grade"], "possible", "{name}: {finding}");
        assert_eq!(finding["level"], "warn", "{name}: {finding}");
        assert!(hangs(finding), "{name}: {finding}");
    }
    // A lock may be taken in one order by chance.
    assert!(!findings.is_empty() || matches!(name, "pool" | "latch" | "cell"), "{name}");
}

fn expect_inverted(project: &Project, program: &Path, name: &str) {
    let (outcome, findings) = run(project, program, name);
    // The two sides may meet, and that is a deadlock then.
    assert_ne!(outcome.code, 0, "{name}: {findings:?}");
    let is_denied = |finding: &Value| finding["level"] == "deny" && !hangs(finding);
    assert!(findings.iter().any(is_denied), "{name}: {findings:?}");
}

#[test]
fn what_an_atomic_keeps_apart_is_not_denied() {
    let project = Project::program(PROGRAM);
    let program = built(&project, "--atomics", "debug");
    for name in names_in(PROGRAM, "ORDERED") {
        expect_ordered(&project, &program, name);
    }
    for name in names_in(PROGRAM, "INVERTED") {
        expect_inverted(&project, &program, name);
    }
    expect_ordered(&project, &program, "either");
    let mut command = project.command("exec --");
    let told = Outcome::of(command.arg(&program).arg("flag").output().unwrap());
    let (stored, read) = (line_of(PROGRAM, "// stored"), line_of(PROGRAM, "// read"));
    let note = format!("hangs on the atomic `app::READY` (stored at {stored}, read at {read})");
    told.expect(0, &["warning[lock-order-inversion]", &note]);
}

#[test]
fn optimised_programs_too() {
    let project = Project::program(PROGRAM);
    let program = built(&project, "--atomics --release", "release");
    for name in names_in(PROGRAM, "ORDERED") {
        expect_ordered(&project, &program, name);
    }
    for name in ["nothing", "counter", "read_while_held", "messages", "another_lock"] {
        expect_inverted(&project, &program, name);
    }
}

/// The check of all accesses has the atomics anyhow.
#[test]
fn the_check_for_races_does_so_too() {
    let project = Project::program(PROGRAM);
    let program = built(&project, "--races", "debug");
    for name in ["flag", "published", "unwrap", "fences", "spin_lock", "passed_on"] {
        expect_ordered(&project, &program, name);
    }
    for name in ["nothing", "counter", "another_lock", "messages"] {
        expect_inverted(&project, &program, name);
    }
}

#[test]
fn what_cannot_be_looked_at_is_refused() {
    let project = Project::program("fn main() {}");
    project.call("run --atomics --no-swap").expect(2, &["cannot be used with"]);
}

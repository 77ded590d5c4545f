//! What was looked at, and what was not: "no finding" must mean something.

use crate::support::{Bank, Project};
use serde_json::json;
use syncscope_recording::model::ThreadNum;
use syncscope_recording::testing::encode;

#[test]
fn the_line_of_success_tells_what_was_seen() {
    let project = Bank::project();
    project.store("1.syncscope", Bank::correct());
    let outcome = project.call(&["check", "."]);
    let line = "ok: 3 locks of 3 classes, 1 order edge, 3 threads, 1 recording, 0 findings\n";
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, line));
    let coverage = &project.call(&["check", ".", "--format", "json"]).json()["coverage"];
    for (key, value) in [
        ("processes", json!(1)),
        ("threads", json!(3)),
        ("locks", json!(3)),
        ("classes", json!(3)),
        ("edges", json!(1)),
        ("pairs", json!(1)),
        ("met_once", json!([])),
        ("foreign_threads", json!(0)),
        ("not_recorded", json!([])),
        ("repeated", json!(0)),
        ("lost", json!(0)),
    ] {
        assert_eq!(coverage[key], value, "{key}");
    }
}

#[test]
fn what_was_hardly_tried_is_named() {
    let project = Bank::project();
    let mut recording = Bank::correct();
    recording.nodes.truncate(2);
    recording.nodes.iter_mut().for_each(|node| node.count = 1);
    project.store("1.syncscope", recording);
    let outcome = project.call(&["check", "."]);
    // Names alone say too little for people.
    assert!(outcome.stdout.starts_with("ok: "), "{}", outcome.stdout);
    assert_eq!(project.call(&["check", ".", "-q"]).stdout, "");
    let coverage = &project.call(&["check", ".", "--format", "json"]).json()["coverage"];
    assert_eq!(coverage["met_once"], json!(["LEDGER", "audit"]));
}

#[test]
fn threads_of_others_and_packages_that_are_not_recorded_are_told() {
    let project = Project::new(&[
        ("Cargo.toml", "[package]\nname = \"bank\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
        ("src/main.rs", crate::support::SOURCE),
        (
            "Cargo.lock",
            "version = 4\n[[package]]\nname = \"bank\"\nversion = \"0.1.0\"\n[[package]]\nname = \"spin\"\nversion = \"0.9.8\"\n",
        ),
    ]);
    let mut recording = Bank::correct();
    let thread = recording.threads.get_mut(&ThreadNum(2)).unwrap();
    thread.is_foreign = true;
    recording.process.exe = project.path().join("target/debug/bank").display().to_string();
    let elsewhere = project.store("2.syncscope", Bank::correct());
    project.write("1.syncscope", &encode(&recording));
    let told = project.call(&["check", "1.syncscope"]).stdout;
    assert!(
        told.contains(
            "note: not recorded in full, if it is used: spin 0.9.8; `cargo syncscope doctor` tells what"
        ),
        "{told}"
    );
    assert!(told.contains("note: 1 thread was started by code that is not recorded"), "{told}");
    let coverage = &project.call(&["check", "1.syncscope", "--format", "json"]).json()["coverage"];
    assert_eq!(coverage["not_recorded"], json!(["spin 0.9.8: its locks, which spin"]));
    assert_eq!(coverage["foreign_threads"], 1);
    // Every test runs in a thread of the harness.
    let mut test = recording.clone();
    test.process.exe = project.path().join("target/debug/deps/bank-0123").display().to_string();
    project.write("3.syncscope", &encode(&test));
    let told = project.call(&["check", "3.syncscope"]).stdout;
    assert!(!told.contains("started by code"), "{told}");
    // Of a program that comes from elsewhere, this project's packages say nothing.
    let told = project.call(&["check", &elsewhere.display().to_string()]).stdout;
    assert!(!told.contains("not recorded"), "{told}");
}

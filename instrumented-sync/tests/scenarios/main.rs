//! One list of scenarios, [`list.txt`](list.txt), runs against Python's `threading` and `queue` and against this crate: the
//! outcome of each step is the same, and the one that the list tells.
//!
//! Compiled with the feature `instrument` on and off.

mod actor;
mod objects;
mod ours;
mod step;

use std::process::{Command, Stdio};

const LIST: &str = include_str!("list.txt");

#[test]
fn ours_has_the_outcomes_of_the_list() {
    assert_same(&step::expected(LIST), &ours::run(LIST), "this crate");
}

#[test]
fn python_has_the_outcomes_of_the_list() {
    let here = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scenarios");
    if !Command::new("python3")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
    {
        println!("notice: not compared with Python: there is no python3");
        return;
    }
    let output = Command::new("python3")
        .args([format!("{here}/driver.py"), format!("{here}/list.txt")])
        .stderr(Stdio::inherit())
        .output()
        .expect("the driver starts");
    assert!(output.status.success(), "the driver failed");
    let outcomes = String::from_utf8(output.stdout).expect("UTF-8");
    let outcomes = outcomes.lines().map(|line| {
        let (number, outcome) = line.split_once(' ').expect("a number and an outcome");
        (number.parse().expect("a number"), outcome.to_owned())
    });
    assert_same(&step::expected(LIST), &outcomes.collect::<Vec<_>>(), "Python");
}

/// Compares line by line.
fn assert_same(expected: &[(usize, String)], outcomes: &[(usize, String)], whose: &str) {
    assert!(expected.len() > 150, "the list is read");
    for (expected, outcome) in expected.iter().zip(outcomes) {
        let line = LIST.lines().nth(expected.0 - 1).unwrap_or_default();
        assert_eq!(outcome, expected, "{whose}, line {} of the list: {line}", expected.0);
    }
    assert_eq!(outcomes.len(), expected.len(), "{whose}: as many outcomes as steps");
}

//! Schedules that are chosen, shown, run again, and steered.

use crate::support::{MANIFEST, Outcome, Project, line_of};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

const MAIN: &str = include_str!("explore/main.rs.txt");

fn project() -> Project {
    Project::new(&[("Cargo.toml", MANIFEST), ("src/main.rs", MAIN)])
}

fn explore(project: &Project, options: &str, which: &str) -> Outcome {
    project.call(&format!("explore {options} run -- {which}"))
}

/// The schedule that was kept.
fn kept(outcome: &Outcome) -> PathBuf {
    let line = outcome
        .stdout
        .lines()
        .find_map(|line| line.strip_prefix("Run it again: cargo syncscope replay "));
    PathBuf::from(line.unwrap_or_else(|| panic!("{}", outcome.stdout)))
}

#[test]
fn what_few_schedules_show_is_found_and_comes_again() {
    let project = project();
    for (which, what) in [
        ("inverted", "deadlock: threads wait for each other"),
        ("lost_wake_up", "deadlock: no thread can go on"),
        ("sold_twice", "a panic (exit code 101)"),
        ("surely_free", "a panic (exit code 101)"),
    ] {
        let found = explore(&project, "--runs 2000", which);
        assert_eq!(found.code, 1, "{which}: {}{}", found.stdout, found.stderr);
        assert!(found.stdout.contains(&format!("program app fails: {what}")), "{}", found.stdout);
        let file = kept(&found);
        for _ in 0..2 {
            let again = project.call(&format!("replay {}", file.display()));
            assert_eq!(again.code, 1, "{which}: {}", again.stdout);
            assert!(again.stdout.starts_with("The same "), "{which}: {}", again.stdout);
        }
    }
    let found = explore(&project, "--runs 2000", "inverted");
    assert!(
        found.stdout.contains("\n  T0: thread `main`, T1: thread 2, T2: thread 3\n"),
        "{}",
        found.stdout
    );
    // Short enough to read: both threads come to their second lock.
    for end in ["// forth", "// back"] {
        assert!(
            found.stdout.contains(&format!("locks {}", line_of(MAIN, end))),
            "{}",
            found.stdout
        );
    }
    let switches = found.stdout.lines().find(|line| line.starts_with("The schedule (")).unwrap();
    let switches: u32 =
        switches.split(" switches").next().unwrap().rsplit(' ').next().unwrap().parse().unwrap();
    assert!(switches <= 4, "{}", found.stdout);
    assert!(
        found.stdout.contains("error[deadlock]: deadlock of 2 threads over `"),
        "{}",
        found.stdout
    );
}

/// In most schedules the two writes are ordered, or one of them is not made.
#[test]
fn a_schedule_that_races_fails_and_reports_for_programs_have_it() {
    let project = project();
    let line = "explore --races --runs 300 --format json --output markdown=report.md run -- raced";
    let found = project.call(line);
    assert_eq!(found.code, 1, "{}{}", found.stdout, found.stderr);
    let report: Value = serde_json::from_str(&found.stdout).unwrap();
    let schema = include_str!("../../schemas/report-v1.json");
    let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    let wrong: Vec<_> = schema.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert_eq!(report["findings"][0]["rule"], "data-race");
    let [schedule] = report["schedules"].as_array().unwrap().as_slice() else { panic!("{report}") };
    assert_eq!(
        (&schedule["subject"], &schedule["failure"]),
        (&"app".into(), &"a data race".into())
    );
    let lines = schedule["lines"].as_array().unwrap();
    let is_lock = |line: &&Value| line["source"] == "if !*is_written.lock().unwrap() {";
    assert!(lines.iter().any(|line| is_lock(&line) && line["what"] == "locks"), "{lines:?}");
    let markdown = std::fs::read_to_string(project.path().join("report.md")).unwrap();
    assert!(
        markdown.contains("<summary>program app fails&#58; a data race</summary>"),
        "{markdown}"
    );
    let correct = explore(&project, "--races --runs 25", "correct");
    assert_eq!(correct.code, 0, "{}{}", correct.stdout, correct.stderr);
    let file = schedule["file"].as_str().unwrap();
    for _ in 0..2 {
        let again = project.call(&format!("replay {file}"));
        assert_eq!(again.code, 1, "{}{}", again.stdout, again.stderr);
        assert!(again.stdout.starts_with("The same "), "{}", again.stdout);
        assert!(again.stdout.ends_with("failed: a data race\n"), "{}", again.stdout);
    }
}

#[test]
fn before_the_last_step_a_debugger_can_be_attached() {
    let project = project();
    let file = kept(&explore(&project, "--runs 2000", "inverted"));
    let mut command = project.command(&format!("replay {} --gdb", file.display()));
    let mut replay = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(replay.stderr.take().unwrap()).lines();
    let pid = lines.map(Result::unwrap).find_map(|line| {
        let rest = line.strip_prefix("process ")?;
        rest.contains("waits before the last").then(|| rest.split(' ').next().unwrap().to_owned())
    });
    let pid = pid.expect("it ends without waiting");
    let debugger = project.built("debug", "app");
    let attached = Command::new(debugger).args(["attach", &pid]).output().unwrap();
    assert!(attached.status.success(), "{attached:?}");
    let outcome = Outcome::of(replay.wait_with_output().unwrap());
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    assert!(outcome.stdout.starts_with("The same "), "{}", outcome.stdout);
}

#[test]
fn correct_programs_pass_and_are_the_same_twice() {
    let project = project();
    let correct = explore(&project, "--runs 120 --twice", "correct");
    assert_eq!(correct.code, 0, "{}{}", correct.stdout, correct.stderr);
    assert!(correct.stderr.contains("120 of 120 the same twice"), "{}", correct.stderr);
    assert!(!correct.stderr.contains("left the gate"), "{}", correct.stderr);
    // The first waits where we see nothing, the second starts a program that has no schedule of its own.
    for which in ["spins", "nested"] {
        let outcome = explore(&project, "--runs 5", which);
        assert!(!outcome.stdout.contains("fails"), "{which}: {}{}", outcome.stdout, outcome.stderr);
    }
    let steps = explore(&project, "--runs 40 --atomics --twice", "spins");
    assert!(steps.stderr.contains("40 of 40 the same twice"), "{}", steps.stderr);
}

#[test]
fn each_test_is_explored_for_itself() {
    let project = project();
    let outcome = project.call("explore --runs 300 --keep-going test");
    assert_eq!(outcome.code, 1, "{}{}", outcome.stdout, outcome.stderr);
    assert!(
        outcome.stdout.contains("test sells_once fails: a panic (exit code 101)"),
        "{}",
        outcome.stdout
    );
    assert!(outcome.stdout.contains("a seat was sold twice"), "{}", outcome.stdout);
    let last = outcome.stdout.lines().last().unwrap();
    assert_eq!(last, "failed: 1 in a schedule; 2 were to be explored");
    assert!(!outcome.stdout.contains("test does_all fails"), "{}", outcome.stdout);
    let one = project.call("explore --runs 10 test does_all");
    assert!(!one.stderr.contains("sells_once:"), "{}", one.stderr);
    assert!(one.stderr.contains("does_all: 10 schedules"), "{}", one.stderr);
}

#[test]
fn findings_are_confirmed_where_a_schedule_can() {
    let project = project();
    let none = project.call("confirm");
    assert_eq!(none.code, 3, "{}{}", none.stdout, none.stderr);
    for (which, code, expected) in
        [("inverted", 1, "  confirmed, in try "), ("kept_apart", 0, "  not reached in 10 tries")]
    {
        let recorded = project.call(&format!("run -- {which}"));
        assert!(recorded.stdout.contains("lock-order-inversion"), "{which}: {}", recorded.stdout);
        let programs = project.call("confirm --tries 10 --format json");
        assert_eq!(programs.code, code, "{which}: {}{}", programs.stdout, programs.stderr);
        let report: Value = serde_json::from_str(&programs.stdout).unwrap();
        assert_eq!(report["exit_code"], code, "{which}");
        assert_eq!(report["schedules"].as_array().map_or(0, Vec::len), code as usize, "{which}");
        assert!(programs.stderr.contains(expected.trim()), "{which}: {}", programs.stderr);
        let outcome = project.call("confirm --tries 10");
        assert_eq!(outcome.code, code, "{which}: {}{}", outcome.stdout, outcome.stderr);
        assert!(outcome.stdout.contains(expected), "{which}: {}", outcome.stdout);
        // The run that was confirmed is still the last one.
        let told = project.call("check");
        let (note, result, kept) = match code {
            1 => (
                ": a schedule makes it happen: cargo syncscope replay ",
                "confirmed",
                "confirmed on 2",
            ),
            _ => (
                "= note: not reached in 10 tries of `confirm` on 2",
                "not-reached",
                "not reached on 2",
            ),
        };
        assert!(told.stdout.contains(note), "{which}: {}", told.stdout);
        let told = project.call("check --format json").stdout;
        let report: Value = serde_json::from_str(&told).unwrap();
        assert_eq!(report["findings"][0]["confirmation"]["result"], result, "{which}");
        project.call(&format!("baseline write --file {which}.json")).expect(0, &["1 accepted"]);
        let baseline =
            std::fs::read_to_string(project.path().join(format!("{which}.json"))).unwrap();
        assert!(baseline.contains(&format!("\"confirmed\": \"{kept}")), "{baseline}");
    }
    let unknown = project.call("confirm 0123");
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("there is no finding `0123`"), "{}", unknown.stderr);
}

#[test]
fn what_cannot_be_run_is_told() {
    let project = project();
    let endless = explore(&project, "--runs 2 --steps 3000", "endless");
    assert!(endless.stderr.contains("app: needs more than 3000 steps"), "{}", endless.stderr);
    assert!(!endless.stdout.contains("fails"), "{}", endless.stdout);
    let killed = explore(&project, "--runs 2", "killed");
    assert!(killed.stdout.contains("program app fails: ended by signal 6"), "{}", killed.stdout);
    let none = project.call("explore --runs 2 test no_such_test");
    assert_eq!(none.code, 3, "{}{}", none.stdout, none.stderr);

    let file = kept(&killed);
    let text = std::fs::read_to_string(&file).unwrap();
    for (change, expected) in [
        (text[..text.len() / 2].to_owned(), "is no schedule of a program, or is damaged"),
        (text.replace("\"version\":1", "\"version\":9"), "is of version 9"),
        (text.replace("syncscope-schedule", "other"), "it is of another kind"),
        (String::new(), "is no schedule of a program, or is damaged"),
    ] {
        project.write("changed.json", &change);
        let outcome = project.call("replay changed.json");
        assert_eq!(outcome.code, 2, "{}", outcome.stdout);
        assert!(outcome.stderr.contains(expected), "{expected}: {}", outcome.stderr);
    }
    project.write("src/main.rs", &MAIN.replace("std::process::abort()", "std::process::exit(9)"));
    explore(&project, "--runs 1", "killed");
    let other = project.call(&format!("replay {}", file.display()));
    assert_eq!(other.code, 2);
    assert!(other.stderr.contains("has changed since the schedule was found"), "{}", other.stderr);
}

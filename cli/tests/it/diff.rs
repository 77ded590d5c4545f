//! Two runs beside each other.

use crate::locks::measured;
use crate::support::{Bank, Outcome, Project};
use serde_json::Value;
use syncscope_recording::Recording;

fn compared(old: Recording, new: Recording, args: &[&str]) -> (Project, Outcome) {
    let project = Bank::project();
    project.store("old/1.syncscope", old);
    project.store("new/1.syncscope", new);
    let outcome = project.call(&[&["diff", "old", "new"], args].concat());
    (project, outcome)
}

fn json(old: Recording, new: Recording) -> (Value, i32) {
    let (_, outcome) = compared(old, new, &["--format", "json"]);
    let report = outcome.json();
    let schema: Value = serde_json::from_str(include_str!("../../schemas/diff-v1.json")).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<_> = validator.iter_errors(&report).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{report:#}");
    assert_eq!(report["exit_code"], outcome.code);
    (report, outcome.code)
}

fn lengths(report: &Value) -> [usize; 4] {
    ["new_findings", "gone_findings", "new_orders", "gone_orders"]
        .map(|key| report[key].as_array().unwrap().len())
}

#[test]
fn the_same_run_is_the_same() {
    for recording in [Bank::correct, Bank::inverted, Bank::deadlocked, Bank::read_again] {
        let (report, code) = json(recording(), recording());
        assert_eq!((lengths(&report), code), ([0; 4], 0));
    }
    let (_, outcome) = compared(Bank::inverted(), Bank::inverted(), &[]);
    assert!(outcome.stdout.starts_with("same: 0 new findings"), "{}", outcome.stdout);
}

#[test]
fn what_is_new_and_what_is_gone() {
    let (report, code) = json(Bank::correct(), Bank::inverted());
    assert_eq!((lengths(&report), code), ([1, 0, 1, 0], 1));
    assert_eq!(report["new_findings"][0]["rule"], "lock-order-inversion");
    let order = &report["new_orders"][0];
    assert_eq!((&order["held"], &order["wanted"]), (&"audit".into(), &"LEDGER".into()));
    assert_eq!((&order["count"], &order["held_at"]["line"]), (&3.into(), &16.into()));
    // Nothing that is gone fails.
    let (report, code) = json(Bank::inverted(), Bank::correct());
    assert_eq!((lengths(&report), code), ([0, 1, 0, 1], 0));
    // A half is no finding, and a new order all the same.
    let (report, code) = json(Bank::half(false), Bank::half(true));
    assert_eq!((lengths(&report), code), ([0, 0, 1, 1], 0));
}

#[test]
fn people_are_told_in_order() {
    let (_, outcome) = compared(Bank::correct(), Bank::inverted(), &[]);
    crate::support::golden("diff.txt", &outcome.stdout);
    let (_, quiet) = compared(Bank::inverted(), Bank::inverted(), &["-q"]);
    assert_eq!((quiet.code, quiet.stdout.as_str()), (0, ""));
}

#[test]
fn waits_that_grew_are_told_and_noise_is_not() {
    let changed = |old, new| {
        let (report, _) = json(Bank::waiting(old), Bank::waiting(new));
        report["changed_waits"].as_array().unwrap().clone()
    };
    assert!(changed(10, 15).is_empty(), "less than twice as long");
    let waits = changed(5, 50);
    assert_eq!(waits.len(), 1);
    let [old, new] = ["old", "new"].map(|side| waits[0][side]["total_seconds"].as_f64().unwrap());
    assert_eq!(waits[0]["lock"], "LEDGER");
    assert!((old - 0.005).abs() < 1e-4 && (new - 0.05).abs() < 1e-4, "{waits:?}");
    assert_eq!(changed(50, 5).len(), 1);
    let (_, outcome) = compared(Bank::waiting(5), Bank::waiting(50), &[]);
    let line = "`LEDGER`: 1 wait, 5.0 ms together, 5.0 ms at most -> 1 wait, 50.0 ms together, 50.0 ms at most";
    assert!(outcome.stdout.contains(line), "{}", outcome.stdout);
}

#[test]
fn measured_waits_and_holds_are_compared() {
    let (report, _) = json(measured(5), measured(50));
    for (key, count) in [("changed_waits", 3), ("changed_holds", 5)] {
        let changed = report[key].as_array().unwrap();
        assert_eq!(changed.len(), 1, "{key}: {changed:?}");
        assert_eq!(
            (&changed[0]["lock"], &changed[0]["new"]["count"]),
            (&"LEDGER".into(), &count.into())
        );
        let p99 = changed[0]["new"]["p99_seconds"].as_f64().unwrap();
        assert!((p99 - 0.05).abs() < 0.001, "{key}: {p99}");
    }
    let (report, _) = json(measured(5), measured(6));
    assert_eq!(
        (&report["changed_waits"], &report["changed_holds"]),
        (&Value::from(vec![0; 0]), &Value::from(vec![0; 0]))
    );
    let (_, outcome) = compared(measured(5), measured(50), &[]);
    for line in
        ["changed waits\n", "changed holds\n", "5 holds, 250.0 ms together, 50.0 ms at most"]
    {
        assert!(outcome.stdout.contains(line), "{line} in {}", outcome.stdout);
    }
}

#[test]
fn waits_without_events_are_not_made_up() {
    let mut without = Bank::waiting(5);
    without.streams.clear();
    let (report, _) = json(without.clone(), Bank::waiting(50));
    assert_eq!(report["changed_waits"], Value::Null);
    let (_, outcome) = compared(without, Bank::waiting(50), &[]);
    assert!(outcome.stdout.contains("waits are not compared"), "{}", outcome.stdout);
}

#[test]
fn moved_code_is_the_same_where_the_old_sources_are_there() {
    let project = Bank::project();
    project.store("old/1.syncscope", Bank::inverted());
    let moved = format!("{}{}", "// moved\n".repeat(100), crate::support::SOURCE);
    let mut recording = Bank::inverted();
    for site in recording.sites.iter_mut().filter(|site| site.line > 0) {
        site.line += 100;
    }
    project.write("then/src/main.rs", crate::support::SOURCE.as_bytes());
    project.write("src/main.rs", moved.as_bytes());
    project.store("new/1.syncscope", recording);
    let with = project.call(&["diff", "old", "new", "--old-sources", "then"]);
    assert!(with.stdout.starts_with("same: "), "{}", with.stdout);
    let without = project.call(&["diff", "old", "new"]);
    assert!(!without.stdout.starts_with("same: "), "{}", without.stdout);
}

#[test]
fn nothing_to_compare_is_no_success() {
    let project = Bank::project();
    project.store("old/1.syncscope", Bank::correct());
    std::fs::create_dir(project.path().join("new")).unwrap();
    let outcome = project.call(&["diff", "old", "new"]);
    assert_eq!(outcome.code, 3);
    assert!(
        outcome.stdout.contains("nothing compared: NEW has no lock in it"),
        "{}",
        outcome.stdout
    );
    project.write("new/0.syncscope", b"");
    let outcome = project.call(&["diff", "old", "new"]);
    assert_eq!(outcome.code, 4, "{}", outcome.stdout);
    assert_eq!(project.call(&["diff"]).code, 2);
    assert_eq!(project.call(&["diff", "old", "gone"]).code, 2);
    assert_eq!(project.call(&["diff", "gone", "old"]).code, 2);
    // Without a second path it is the latest run, or the folder that is set.
    assert_eq!(project.call(&["diff", "old"]).code, 3);
    assert_eq!(project.call(&["diff", "old", "--dir", "old"]).code, 0);
}

#[test]
fn hostile_names_are_escaped() {
    let mut new = Bank::inverted();
    new.classes[1].name = Some("\u{1b}[2J`\n::error::\u{202e}x".to_owned());
    for site in new.sites.iter_mut().filter(|site| site.line > 0) {
        site.file = "src/\u{1b}]8;;http://x\u{7}main.rs".to_owned();
    }
    for args in [&[][..], &["--color", "always"], &["--format", "json"]] {
        let (_, outcome) = compared(Bank::waiting(5), new.clone(), args);
        let text = anstream::adapter::strip_str(&outcome.stdout).to_string();
        assert_eq!(outcome.code, 1);
        assert!(text.contains("error::"), "{text}");
        let is_hostile = |c: char| c != '\n' && cargo_syncscope::escape::is_hostile(c);
        assert!(!text.contains(is_hostile) && !outcome.stdout.contains("\u{1b}]"), "{text:?}");
        assert!(!text.lines().any(|line| line.starts_with("::")), "{text}");
    }
}

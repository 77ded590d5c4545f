//! The ratchet: what was accepted stays accepted wherever the code goes, and what is new fails.

use super::pairs::{Pair, project};
use crate::support::{Bank, Outcome, Project};
use serde_json::{Value, json};
use std::fs;

const FILE: &str = "syncscope-baseline.json";

fn accept(project: &Project, command: &str) -> Outcome {
    let args =
        ["baseline", command, "run", "--reason", "before we measured", "--owner", "pay team"];
    project.call(&args)
}

/// A project whose twelve inversions are accepted.
fn accepted() -> Project {
    let project = project(&Pair::many(0..12));
    assert_eq!(project.call(&["check", "run"]).code, 1);
    let outcome = accept(&project, "write");
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert_eq!(outcome.stdout, format!("12 accepted in `[project]/{FILE}` (12 new, 0 dropped)\n"));
    project
}

/// The same baseline in another project, in another folder.
fn with_baseline_of(old: &Project, pairs: &[Pair]) -> Project {
    let new = project(pairs);
    new.write(FILE, &fs::read(old.path().join(FILE)).unwrap());
    new
}

/// Findings that count, accepted ones, accepted ones that were not seen, and the exit code.
fn checked(project: &Project) -> (usize, usize, u64, i32) {
    let outcome = project.call(&["check", "run", "--baseline", FILE, "--format", "json"]);
    let report = outcome.json();
    let suppressed = report["suppressed"].as_array().unwrap();
    assert!(suppressed.iter().all(|one| one["by"] == "baseline"), "{suppressed:?}");
    let findings = report["findings"].as_array().unwrap().len();
    (findings, suppressed.len(), report["summary"]["unseen"].as_u64().unwrap(), outcome.code)
}

#[test]
fn a_new_inversion_beside_twelve_accepted_ones_is_the_one_finding() {
    let old = accepted();
    assert_eq!(checked(&old), (0, 12, 0, 0));
    let new = with_baseline_of(&old, &Pair::many(0..13));
    assert_eq!(checked(&new), (1, 12, 0, 1));
    let shown = new.call(&["check", "run", "--baseline", FILE]).stdout;
    assert_eq!(shown.matches("error[").count(), 1, "{shown}");
    assert!(shown.contains("between `A12` and `B12`"), "{shown}");
    assert!(shown.contains("1 finding (1 deny, 12 accepted)"), "{shown}");
}

#[test]
fn moved_code_and_moved_files_stay_accepted() {
    let old = accepted();
    let mut pairs = Pair::many(0..12);
    for pair in &mut pairs {
        pair.above = 100 + pair.number;
    }
    assert_eq!(checked(&with_baseline_of(&old, &pairs)), (0, 12, 0, 0), "100 lines down");
    for pair in &mut pairs {
        pair.file = format!("src/banking/deep/mod{}/code.rs", pair.number);
    }
    assert_eq!(checked(&with_baseline_of(&old, &pairs)), (0, 12, 0, 0), "in other files");
    pairs.extend(Pair::many(12..13));
    assert_eq!(checked(&with_baseline_of(&old, &pairs)), (1, 12, 0, 1), "and a new one");
}

#[test]
fn a_copy_of_accepted_code_is_new() {
    let old = accepted();
    let mut pairs = Pair::many(0..12);
    pairs.push(Pair { file: "src/copy.rs".to_owned(), ..pairs[3].clone() });
    assert_eq!(checked(&with_baseline_of(&old, &pairs)), (1, 12, 0, 1));
}

#[test]
fn update_adds_and_keeps_prune_drops() {
    let old = accepted();
    let new = with_baseline_of(&old, &Pair::many(2..13));
    assert_eq!(checked(&new), (1, 10, 2, 1));
    let outcome =
        new.call(&["baseline", "update", "run", "--reason", "new", "--expires", "9999-12-31"]);
    assert_eq!(outcome.stdout, format!("13 accepted in `[project]/{FILE}` (1 new, 0 dropped)\n"));
    assert_eq!(checked(&new), (0, 11, 2, 0));
    let outcome = new.call(&["baseline", "prune", "run"]);
    assert_eq!(outcome.stdout, format!("11 accepted in `[project]/{FILE}` (0 new, 2 dropped)\n"));
    assert_eq!(checked(&new), (0, 11, 0, 0));
    let text = fs::read_to_string(new.path().join(FILE)).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let reasons: Vec<_> = (file["entries"].as_array().unwrap().iter())
        .map(|entry| {
            (entry["reason"].as_str().unwrap(), entry["owner"].as_str(), entry["expires"].as_str())
        })
        .collect();
    let kept = ("before we measured", Some("pay team"), None);
    assert_eq!(reasons.iter().filter(|said| **said == kept).count(), 10);
    assert_eq!(
        reasons.iter().filter(|said| **said == ("new", None, Some("9999-12-31"))).count(),
        1
    );
}

#[test]
fn what_is_over_fails_again_and_says_who_accepted_it() {
    let project = accepted();
    let path = project.path().join(FILE);
    let mut file: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    file["entries"][0]["expires"] = "2001-02-03".into();
    fs::write(&path, file.to_string()).unwrap();
    assert_eq!(checked(&project), (1, 11, 0, 1));
    let shown = project.call(&["check", "run", "--baseline", FILE]).stdout;
    assert!(
        shown.contains("it was accepted until 2001-02-03, owner pay team: before we measured"),
        "{shown}"
    );
}

#[test]
fn the_configured_baseline_counts_and_can_be_left_out() {
    let project = accepted();
    project.write("syncscope.toml", format!("baseline = '{FILE}'\n").as_bytes());
    assert_eq!(project.call(&["check", "run"]).code, 0);
    assert_eq!(project.call(&["check", "run", "--no-baseline"]).code, 1);
    let allowed = project.call(&["check", "run", "--allowed"]);
    assert_eq!(allowed.code, 0);
    assert!(
        allowed.stdout.contains("accepted in the baseline: before we measured (owner pay team)")
    );
    assert_eq!(allowed.stdout.matches("note[lock-order-inversion]").count(), 12);
}

#[test]
fn a_baseline_is_never_lost_by_mistake() {
    let project = accepted();
    let before = fs::read(project.path().join(FILE)).unwrap();
    let again = accept(&project, "write");
    assert_eq!(again.code, 2);
    assert!(again.stderr.contains("exists"), "{}", again.stderr);
    fs::create_dir(project.path().join("nothing")).unwrap();
    let pruned = project.call(&["baseline", "prune", "nothing"]);
    assert_eq!(pruned.code, 3, "{}", pruned.stderr);
    project.write("run/2.syncscope", b"");
    let pruned = project.call(&["baseline", "prune", "run"]);
    assert_eq!(pruned.code, 4, "{}", pruned.stderr);
    assert_eq!(fs::read(project.path().join(FILE)).unwrap(), before);
    let missing = project.call(&["check", "run", "--baseline", "gone.json"]);
    assert_eq!(missing.code, 2);
    assert!(missing.stderr.contains("there is no baseline `gone.json`"), "{}", missing.stderr);
}

#[test]
fn the_places_that_witness_an_inversion_may_change() {
    // Another pair of places of the same two locks: the detector shows one pair for each cycle, whichever it meets.
    let old = accepted();
    let new = project(&Pair::many(0..12));
    let path = new.path().join("src/pair5.rs");
    let code = fs::read_to_string(&path)
        .unwrap()
        .replace(" // second", "/* 2 */")
        .replace(" // first", "/* 1 */");
    fs::write(&path, code).unwrap();
    new.write(FILE, &fs::read(old.path().join(FILE)).unwrap());
    assert_eq!(checked(&new), (0, 12, 0, 0));
}

/// The fingerprint that the first version gave the inversion of the bank, by the texts of its lines.
const FORMER: &str = "560fa3f62b297c38";

#[test]
fn what_an_earlier_version_accepted_stays_accepted() {
    let project = Bank::project();
    project.store("run/1.syncscope", Bank::inverted());
    for (print, code) in [(FORMER, 0), ("0123456789abcdef", 1)] {
        let entry = json!({
            "rule": "lock-order-inversion", "message": "", "files": [], "fingerprint": print
        });
        let file = json!({ "version": 1, "entries": [entry] });
        project.write(FILE, file.to_string().as_bytes());
        assert_eq!(project.call(&["check", "run", "--baseline", FILE]).code, code, "{print}");
        let allow = format!("[[allow]]\nfingerprint = '{print}'\nreason = 'x'\n");
        project.write("syncscope.toml", allow.as_bytes());
        assert_eq!(project.call(&["check", "run"]).code, code, "{print}");
        project.write("syncscope.toml", b"");
    }
    // An update writes down what this version knows it by.
    let former = json!({ "version": 1, "entries": [{
        "rule": "lock-order-inversion", "message": "", "files": [], "fingerprint": FORMER
    }] });
    project.write(FILE, former.to_string().as_bytes());
    let outcome = project.call(&["baseline", "update", "run"]);
    assert!(outcome.stdout.contains("(0 new, 0 dropped)"), "{}", outcome.stdout);
    let written = fs::read_to_string(project.path().join(FILE)).unwrap();
    assert!(!written.contains(FORMER) && written.contains("\"place\""), "{written}");
}

#[test]
fn without_the_source_text_what_was_accepted_stays_accepted() {
    let hide = |project: &Project, from: &str, to: &str| {
        fs::rename(project.path().join(from), project.path().join(to)).unwrap();
    };
    let project = accepted();
    hide(&project, "src", "gone");
    assert_eq!(checked(&project), (0, 12, 0, 0), "checked without");
    fs::remove_file(project.path().join(FILE)).unwrap();
    assert_eq!(accept(&project, "write").code, 0);
    assert_eq!(checked(&project), (0, 12, 0, 0), "written without");
    hide(&project, "gone", "src");
    assert_eq!(checked(&project), (0, 12, 0, 0), "and checked with");
}

/// With the source text, a place says nothing: other code may stand there.
#[test]
fn other_code_at_the_same_place_is_new() {
    let project = accepted();
    let path = project.path().join("src/pair5.rs");
    let code = fs::read_to_string(&path).unwrap();
    fs::write(&path, code.replace("A5", "C5").replace("B5", "D5")).unwrap();
    assert_eq!(checked(&project), (1, 11, 1, 1));
}

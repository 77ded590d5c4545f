//! The JSON report against its schema.

use crate::support::Bank;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use syncscope_recording::Recording;
use syncscope_recording::model::ThreadNum;

fn reported(command: &str, recording: Recording) -> Value {
    let project = Bank::project();
    project.store("1.syncscope", recording);
    project.write("0.syncscope", b"");
    project.call(&[command, ".", "--format", "json", "--refuted"]).json()
}

fn schema() -> Value {
    serde_json::from_str(include_str!("../../schemas/report-v1.json")).unwrap()
}

/// The schema without room for fields that it does not describe.
fn closed(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(object) => {
            for value in object.values_mut() {
                *value = closed(value.take());
            }
            if object.contains_key("required") {
                object.insert("additionalProperties".to_owned(), json!(false));
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| *value = closed(value.take())),
        _ => {}
    }
    schema
}

#[test]
fn every_report_fits_the_schema() {
    let schema = schema();
    jsonschema::meta::validate(&schema).unwrap();
    // Users' schemas have to bear additions; ours must describe every field that there is.
    let validator = jsonschema::validator_for(&closed(schema)).unwrap();
    for command in ["check", "report"] {
        for recording in [
            Bank::correct(),
            Bank::inverted(),
            Bank::alone(),
            Bank::deadlocked(),
            Bank::relocked(),
            Bank::read_again(),
        ] {
            let report = reported(command, recording);
            let errors: Vec<_> = validator.iter_errors(&report).map(|e| e.to_string()).collect();
            assert!(errors.is_empty(), "{errors:#?}\n{report:#}");
        }
    }
}

#[test]
fn measured_locks_fit_the_schema() {
    let project = Bank::project();
    project.store("1.syncscope", crate::locks::measured(20));
    let report = project.call(&["report", ".", "--locks", "--format", "json"]).json();
    let validator = jsonschema::validator_for(&closed(schema())).unwrap();
    let errors: Vec<_> = validator.iter_errors(&report).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{report:#}");
    let lock = &report["contention"]["locks"][0];
    assert_eq!((&lock["name"], &lock["acquisitions"]["count"]), (&json!("LEDGER"), &json!(5)));
    for (of, count) in [("waits", 3), ("holds", 5)] {
        let times = &lock[of];
        assert_eq!(times["count"], count);
        for key in ["longest", "p50", "p90", "p99"] {
            let time = times[key].as_f64().unwrap();
            assert!((time - 0.02).abs() < 0.02 * 0.02, "{of}, {key}: {time}");
        }
        assert_eq!(times["histogram"].as_array().unwrap().len(), 1);
    }
    assert_eq!(lock["holders"][0]["meanwhile"][0]["call"], "sleep");
}

#[test]
fn the_schema_refuses_what_the_report_never_says() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let good = reported("report", Bank::deadlocked());
    assert!(validator.is_valid(&good));
    for (pointer, bad) in [
        ("/version", json!(2)),
        ("/command", json!("run away")),
        ("/findings/0/level", json!("fatal")),
        ("/findings/0/fingerprint", json!("xyz")),
        ("/findings/0/sites/0/role", json!("has")),
        ("/findings/0/locks/0/created/line", json!(0)),
        ("/recordings/0/end/threads/0/state", json!("lost")),
        ("/unreadable/0/reason", Value::Null),
    ] {
        let mut report = good.clone();
        *report.pointer_mut(pointer).unwrap() = bad;
        assert!(!validator.is_valid(&report), "{pointer}");
    }
    for field in ["findings", "coverage", "exit_code"] {
        let mut report = good.clone();
        report.as_object_mut().unwrap().remove(field);
        assert!(!validator.is_valid(&report), "without {field}");
    }
}

#[test]
fn what_programs_rely_on() {
    let report = reported("check", Bank::inverted());
    assert_eq!((&report["version"], &report["exit_code"]), (&json!(1), &json!(1)));
    let finding = &report["findings"][0];
    assert_eq!(finding["rule"], "lock-order-inversion");
    assert_eq!((&finding["level"], &finding["grade"]), (&json!("deny"), &json!("possible")));
    let names: Vec<_> = finding["locks"].as_array().unwrap().iter().map(|l| &l["name"]).collect();
    assert!(names.contains(&&json!("LEDGER")) && names.contains(&&json!("audit")), "{names:?}");
    let mut sites: Vec<_> = (finding["sites"].as_array().unwrap().iter())
        .map(|site| (site["line"].as_u64().unwrap(), site["role"].as_str().unwrap()))
        .collect();
    sites.sort_unstable();
    assert_eq!(sites, [(11, "holds"), (12, "wants"), (16, "holds"), (17, "wants")]);
    assert_eq!(
        finding["suggested_order"],
        json!(["LEDGER", "audit"]),
        "3 of 1,045 are the other way"
    );
    assert_eq!(finding["test"], Value::Null);
    assert_eq!(report["coverage"]["locks"], 3);
    assert_eq!(report["recordings"][0]["pid"], 4242);
}

#[test]
fn tests_are_named_by_their_threads() {
    let mut recording = Bank::inverted();
    let test = recording.threads.get_mut(&ThreadNum(2)).unwrap();
    (test.is_foreign, test.parent, test.name) = (true, None, Some("bank::pays".to_owned()));
    recording.threads.get_mut(&ThreadNum(3)).unwrap().parent = Some(ThreadNum(2));
    let tests_of = |exe: &str, recording: &Recording| {
        let mut recording = recording.clone();
        recording.process.exe = exe.to_owned();
        let finding = reported("check", recording)["findings"][0].clone();
        (finding["test"].clone(), finding["tests"].clone())
    };
    let test = "/build/debug/deps/bank-0123";
    assert_eq!(tests_of(test, &recording), (json!("bank::pays"), json!(["bank::pays"])));
    assert_eq!(tests_of("/build/debug/bank", &recording), (Value::Null, json!([])));
    // Two tests.
    let other = recording.threads.get_mut(&ThreadNum(3)).unwrap();
    (other.is_foreign, other.parent, other.name) = (true, None, Some("bank::audits".to_owned()));
    let (one, both) = tests_of(test, &recording);
    let names: BTreeSet<&str> = both.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!((one, names), (Value::Null, BTreeSet::from(["bank::audits", "bank::pays"])));
}

#[test]
fn the_schema_is_printed() {
    let printed = crate::support::Project::new(&[]).call(&["check", "--print-schema"]);
    assert_eq!((printed.json(), printed.code), (schema(), 0));
}

#[test]
fn fingerprints_survive_moved_code() {
    let of = |lines: usize| {
        let code = format!("{}{}", "// moved\n".repeat(lines), crate::support::SOURCE);
        let project = crate::support::Project::new(&[("src/main.rs", &code)]);
        let mut recording = Bank::inverted();
        for site in recording.sites.iter_mut().skip(1) {
            site.line += lines as u32;
        }
        project.store("1.syncscope", recording);
        project.call(&["check", ".", "--format", "json"]).json()["findings"][0]["fingerprint"]
            .clone()
    };
    assert_eq!(of(0), of(100));
}

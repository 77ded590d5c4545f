//! SARIF against the standard's schema, its types, and GitHub's extra rules.

use super::forms::Forms;
use crate::support::Bank;
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;
use syncscope_recording::Recording;

/// The schema of the standard, as it comes with the crate `serde-sarif`.
fn schema() -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let metadata = Command::new(cargo)
        // Only what this machine builds: the packages of other platforms may never have been fetched.
        .args(["metadata", "--format-version=1", "--offline", "--filter-platform=host-tuple"])
        .arg("--manifest-path")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["name"] == "serde-sarif").unwrap();
    let manifest = PathBuf::from(package["manifest_path"].as_str().unwrap());
    let schema = manifest.with_file_name("src").join("schema.json");
    serde_json::from_str(&std::fs::read_to_string(schema).unwrap()).unwrap()
}

/// Panics unless the text is SARIF that code scanning takes. Gives it back as a value.
pub(super) fn validate(text: &str) -> Value {
    static VALIDATOR: OnceLock<jsonschema::Validator> = OnceLock::new();
    let validator = VALIDATOR.get_or_init(|| {
        let mut schema = schema();
        assert_eq!(
            schema["title"],
            "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"
        );
        // The pattern of a field that is not written here has a bracket too many, which strict readers refuse.
        for place in ["run", "toolComponent"] {
            let language = &mut schema["definitions"][place]["properties"]["language"];
            assert!(language.as_object_mut().unwrap().remove("pattern").is_some());
        }
        jsonschema::validator_for(&schema).unwrap()
    });
    let log: Value = serde_json::from_str(text).unwrap();
    let errors: Vec<_> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{log:#}");
    let _: serde_sarif::sarif::Sarif = serde_json::from_str(text).unwrap();
    github(&log);
    log
}

/// What GitHub requires beyond the schema, and its limits.
fn github(log: &Value) {
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().unwrap().starts_with("https://"));
    let full = |value: &Value| assert!(!value.as_str().unwrap().trim().is_empty(), "{value}");
    for run in log["runs"].as_array().unwrap() {
        let driver = &run["tool"]["driver"];
        full(&driver["name"]);
        for rule in driver["rules"].as_array().unwrap() {
            full(&rule["id"]);
            full(&rule["shortDescription"]["text"]);
            full(&rule["fullDescription"]["text"]);
            full(&rule["help"]["text"]);
            let properties = &rule["properties"];
            let one_of = |value: &Value, words: &[&str]| {
                assert!(words.contains(&value.as_str().unwrap()), "{value}");
            };
            one_of(&properties["precision"], &["very-high", "high", "medium", "low"]);
            one_of(&properties["problem.severity"], &["error", "warning", "recommendation"]);
            assert!(properties["tags"].as_array().unwrap().len() <= 10);
        }
        let results = run["results"].as_array().unwrap();
        assert!(results.len() <= 5000);
        for result in results {
            full(&result["message"]["text"]);
            full(&result["partialFingerprints"]["primaryLocationLineHash"]);
            let rule = result["ruleIndex"].as_u64().unwrap() as usize;
            assert_eq!(driver["rules"][rule]["id"], result["ruleId"]);
            let locations = result["locations"].as_array().unwrap();
            assert!((1..=100).contains(&locations.len()));
            let place = &locations[0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            assert!(!uri.is_empty() && !uri.starts_with('/') && !uri.contains("://"), "{uri}");
            assert!(!uri.split('/').any(|part| part == ".." || part == "."), "{uri}");
            assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
        }
    }
}

fn log(recording: Recording) -> Value {
    let project = Bank::project();
    project.store("1.syncscope", recording);
    validate(Forms::of(&project, &["--refuted"]).get("sarif"))
}

#[test]
fn every_sort_of_finding_is_valid() {
    for (recording, results) in [
        (Bank::correct(), 0),
        (Bank::inverted(), 1),
        (Bank::alone(), 1),
        (Bank::deadlocked(), 1),
        (Bank::relocked(), 1),
        (Bank::read_again(), 1),
        (Bank::ring(5), 1),
    ] {
        let log = log(recording);
        assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), results, "{log:#}");
    }
}

#[test]
fn an_inversion_has_a_thread_flow_for_each_thread() {
    let log = log(Bank::inverted());
    let result = &log["runs"][0]["results"][0];
    assert_eq!(
        (&result["ruleId"], &result["level"]),
        (&"lock-order-inversion".into(), &"error".into())
    );
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "src/main.rs");
    assert_eq!(place["region"]["startLine"], 12);
    // `lock`: from its first character to the one behind its last.
    assert_eq!(
        (&place["region"]["startColumn"], &place["region"]["endColumn"]),
        (&28.into(), &32.into())
    );
    let flows = result["codeFlows"][0]["threadFlows"].as_array().unwrap();
    assert_eq!(flows.len(), 2);
    let steps: Vec<Vec<(u64, u64)>> = (flows.iter())
        .map(|flow| {
            let locations = flow["locations"].as_array().unwrap().iter();
            locations
                .map(|step| {
                    let line = &step["location"]["physicalLocation"]["region"]["startLine"];
                    (step["executionOrder"].as_u64().unwrap(), line.as_u64().unwrap())
                })
                .collect()
        })
        .collect();
    // Both take what they hold before either asks for more.
    assert_eq!(steps, [[(1, 11), (3, 12)], [(2, 16), (4, 17)]]);
}

#[test]
fn a_place_outside_of_the_repository_falls_back_to_the_manifest() {
    let mut recording = Bank::inverted();
    for site in recording.sites.iter_mut().skip(1) {
        site.file = format!("/elsewhere/{}", site.file);
    }
    let log = log(recording);
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "Cargo.toml");
    let step = &result["codeFlows"][0]["threadFlows"][0]["locations"][0]["location"];
    assert_eq!(
        step["physicalLocation"]["artifactLocation"]["uri"],
        "file:///elsewhere/src/main.rs"
    );
}

#[test]
fn what_could_not_be_read_is_told() {
    let project = Bank::project();
    project.write("0.syncscope", b"");
    project.store("1.syncscope", Bank::correct());
    let log = validate(Forms::of(&project, &[]).get("sarif"));
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(
        (&invocation["executionSuccessful"], &invocation["exitCode"]),
        (&false.into(), &4.into())
    );
    let notice = invocation["toolExecutionNotifications"][0]["message"]["text"].as_str().unwrap();
    assert!(notice.contains("0.syncscope"), "{notice}");
}

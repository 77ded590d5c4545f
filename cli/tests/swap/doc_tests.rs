//! Findings in doc tests: each is a program that is gone when it is looked at.

use crate::support::Project;
use std::collections::BTreeSet;

/// rustdoc moves the attribute, drops the hidden mark and the empty line, and adds lines of its own.
const LIBRARY: &str = "\
//! A library.

/// ```
/// # #![allow(dead_code)]
///
/// # use std::sync::Mutex;
/// app::nothing();
/// let twice = Mutex::new(1);
/// let _first = twice.lock().unwrap();
/// drop(twice.lock());
/// ```
pub fn nothing() {}

/// ```
/// static COUNT: std::sync::Mutex<u8> = std::sync::Mutex::new(1);
/// fn main() {
///     let _first = COUNT.lock().unwrap();
///     drop(COUNT.lock());
/// }
/// ```
pub fn nothing_else() {}

/// ```
/// assert_eq!(std::env::var(\"RUSTC_BOOTSTRAP\").ok(), None);
/// assert!(std::env::vars().all(|(name, _)| name != \"SYNCSCOPE_DOCTESTS\"));
/// ```
pub fn surroundings() {}
";

#[test]
fn they_are_told_by_the_lines_of_the_source() {
    for edition in ["2021", "2024"] {
        let manifest = format!(
            "[package]\nname = 'app'\nversion = '0.1.0'\nedition = '{edition}'\n[workspace]\n"
        );
        let project = Project::new(&[("Cargo.toml", &manifest), ("src/lib.rs", LIBRARY)]);
        let mut known = BTreeSet::new();
        for line in ["test --doc", "test"] {
            let outcome = project.call(line);
            let places = ["src/lib.rs:9:", "src/lib.rs:10:", "src/lib.rs:17:", "src/lib.rs:18:"];
            outcome.expect(1, &places);
            outcome.expect(1, &["surroundings (line 23) ... ok", "error[self-deadlock]"]);
            // The stack names the test, where its function has a name of its own.
            outcome.expect(1, &["_doctest_main_src_lib_rs_3_0", "rust_out::main"]);
            outcome.lacks(&["doctest_bundle", "no symbols", "building without it"]);
            let report = project.call("check --format json").stdout;
            let report: serde_json::Value = serde_json::from_str(&report).unwrap();
            let findings = report["findings"].as_array().unwrap();
            assert_eq!(findings.len(), 2);
            known.extend(findings.iter().map(|finding| finding["fingerprint"].to_string()));
        }
        assert_eq!(known.len(), 2, "a fingerprint changes from run to run");
    }
}

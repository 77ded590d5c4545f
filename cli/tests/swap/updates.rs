//! Accesses that are ordered, and lose what another thread has written.

use crate::support::{Outcome, Project, names_in};
use serde_json::Value;
use std::path::{Path, PathBuf};

const MANIFEST: &str = "\
[package]
name = \"app\"
version = \"0.1.0\"
edition = \"2024\"
[profile.release]
debug = true
[workspace]
";

const PROGRAM: &str = include_str!("updates/program.rs.txt");

fn project() -> Project {
    Project::new(&[("Cargo.toml", MANIFEST), ("src/main.rs", PROGRAM)])
}

fn built(project: &Project, options: &str, profile: &str) -> PathBuf {
    project.call(&format!("build {options}")).expect(0, &["built under"]);
    project.built(profile, "app")
}

fn findings(project: &Project, program: &Path, name: &str) -> Vec<Value> {
    let mut command = project.command("exec --format json --");
    let outcome = Outcome::of(command.arg(program).arg(name).output().unwrap());
    outcome.expect(0, &[]);
    let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
    report["findings"].as_array().unwrap().clone()
}

/// The lines of the source that are marked so.
fn marked(name: &str) -> Vec<u64> {
    let lines = PROGRAM.lines().zip(1..);
    lines.filter(|(line, _)| line.ends_with(&format!("// {name}"))).map(|(_, at)| at).collect()
}

fn expect(project: &Project, program: &Path, name: &str, rule: &str) {
    let findings = findings(project, program, name);
    let [finding] = &findings[..] else { panic!("{name}: {findings:?}") };
    assert_eq!((&finding["rule"], &finding["level"]), (&rule.into(), &"warn".into()), "{name}");
    let sites = finding["sites"].as_array().unwrap().iter();
    let accesses = sites.filter(|site| site["role"] == "reads" || site["role"] == "writes");
    let lines: Vec<_> = accesses.map(|site| site["line"].as_u64().unwrap()).collect();
    assert_eq!([lines[0], lines[2]][..], marked(name)[..], "{name}: {finding}");
    assert!(!marked(name).contains(&lines[1]), "{name}: {finding}");
}

fn expect_all(project: &Project, program: &Path) {
    names_in(PROGRAM, "LOST")
        .into_iter()
        .for_each(|name| expect(project, program, name, "lost-update"));
    names_in(PROGRAM, "ACTED")
        .into_iter()
        .for_each(|name| expect(project, program, name, "check-then-act"));
    for name in names_in(PROGRAM, "RIGHT") {
        let findings = findings(project, program, name);
        assert!(findings.is_empty(), "{name}: {findings:?}");
    }
}

#[test]
fn what_is_lost_is_told_and_nothing_else() {
    let project = project();
    let program = built(&project, "--races", "debug");
    expect_all(&project, &program);
    let told = Outcome::of(project.command("exec --").arg(&program).arg("hits").output().unwrap());
    told.expect(0, &["warning[lost-update]: lost update of `app::LOST::", "`fetch_add`"]);
}

#[test]
fn optimised_programs_too() {
    let project = project();
    expect_all(&project, &built(&project, "--races --release", "release"));
}

//! Locks that are waited for and held too long, in a program that is slow once.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::time::Duration;
use syncscope_tests::build::{Artifacts, Compiler, workspace, workspace_artifacts};
use syncscope_tests::report::{Finding, Report};
use syncscope_tests::run::run;

/// Far more than the program needs, also on a machine that does other things.
const LIMIT: Duration = Duration::from_secs(60);

static BUILT: LazyLock<Artifacts> =
    LazyLock::new(|| workspace_artifacts(Path::new(env!("CARGO_TARGET_TMPDIR"))));

static SLOW: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs");
    let compiler = Compiler::by_hand(folder, BUILT.library("instrumented_sync"));
    let program = compiler.compile(Path::new("tests/programs/slow.rs"));
    program.unwrap_or_else(|error| panic!("{error}"))
});

/// What is told of the program when a wait, and a hold, are too long after these times.
fn findings(long_wait: &str, long_hold: &str) -> Vec<Finding> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let mut exec = Command::new(BUILT.executable("cargo-syncscope"));
    exec.args(["exec", "--format", "json", "--long-wait", long_wait, "--long-hold", long_hold]);
    exec.arg("--dir").arg(folder.path().join("recordings")).arg("--").arg(&*SLOW);
    exec.current_dir(workspace());
    let ran = run(exec, folder.path(), LIMIT);
    // A warning does not fail.
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let report = Report::parse(&ran.stdout).unwrap_or_else(|error| panic!("{error}"));
    assert!(report.findings.iter().all(|finding| finding.level == "warn"));
    report.findings
}

fn threads(finding: &Finding) -> Vec<&str> {
    finding.threads.iter().filter_map(|thread| thread.name.as_deref()).collect()
}

#[test]
fn a_long_wait_names_waiter_and_holder() {
    let told = findings("400ms", "off");
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!((&*told[0].rule, &*told[0].grade), ("long-wait", "observed"));
    // The one with a time limit waits as long, as it was told to.
    let mut threads = threads(&told[0]);
    threads.sort_unstable();
    assert_eq!(threads, ["loader", "looker"]);
    assert!(told[0].has_site("slow.rs", 14), "where it is held: {told:#?}");
    assert!(told[0].has_site("slow.rs", 21), "where it is waited for: {told:#?}");
    assert!(told[0].message.contains("`CACHE`"), "{}", told[0].message);
}

#[test]
fn a_long_hold_names_the_holder() {
    let told = findings("off", "400ms");
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!((&*told[0].rule, &*told[0].grade), ("long-hold", "observed"));
    assert_eq!(threads(&told[0])[0], "loader");
    assert!(told[0].has_site("slow.rs", 14), "{told:#?}");
}

#[test]
fn what_is_not_too_long_is_not_told() {
    assert!(findings("off", "off").is_empty());
    assert!(findings("30s", "30s").is_empty());
    assert!(findings("10s", "5s").is_empty(), "the defaults");
}

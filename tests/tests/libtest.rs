//! Every deadlocking program of `tests/corpus` as a test of `libtest`, with the settings that `cargo syncscope test` has: each is
//! reported as a deadlock or as a stall, and ends by itself.
//!
//! All of them are compiled into one program, and each test has a process of its own. `SYNCSCOPE_CORPUS=deadlock_abba` runs only
//! those whose names contain the text.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use syncscope_tests::build::{Compiler, workspace, workspace_artifacts};
use syncscope_tests::parallel;
use syncscope_tests::report::Report;
use syncscope_tests::run::run;

/// No program needs so long, however busy the machine is.
const LIMIT: Duration = Duration::from_secs(30);

/// After how long a stall is one: short, as nobody wants to wait, and longer than any step of these programs.
const STALL: &str = "1s";

/// Programs mostly wait, so more of them run at once than there are cores.
const RUNS_PER_CORE: usize = 4;

#[test]
fn deadlocks_end_as_tests() {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let built = workspace_artifacts(scratch);
    let command = built.executable("cargo-syncscope");
    let programs = programs();
    let source = scratch.join("deadlocks_as_tests.rs");
    fs::write(&source, as_tests(&programs)).expect("the scratch folder is writable");
    let compiler = Compiler::shadowed(scratch.join("libtest"), built.library("instrumented_std"));
    let tests = compiler.compile_tests(&source).unwrap_or_else(|error| panic!("{error}"));

    let threads = parallel::cores() * RUNS_PER_CORE;
    let faults: Vec<_> =
        parallel::map(threads, &programs, |(name, _)| fault(command, &tests, name))
            .into_iter()
            .flatten()
            .collect();
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), programs.len(), faults.join("\n"));
}

/// Names and texts.
fn programs() -> Vec<(String, String)> {
    let only = std::env::var("SYNCSCOPE_CORPUS").unwrap_or_default();
    let folder = workspace().join("tests/corpus");
    let entries = fs::read_dir(&folder).expect("the corpus can be listed");
    let mut sources: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    sources.sort();
    let name = |path: &PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    let mut programs: Vec<_> =
        sources.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect();
    programs.retain(|(name, _)| name.starts_with("deadlock_") && name.contains(&only));
    assert!(!programs.is_empty(), "no deadlock has `{only}` in its name");
    programs
}

/// A module with a test for each program.
fn as_tests(programs: &[(String, String)]) -> String {
    let mut source = String::new();
    for (name, text) in programs {
        let code = text.lines().filter(|line| !line.starts_with("//!")).collect::<Vec<_>>();
        let code = code.join("\n");
        writeln!(source, "mod {name} {{\n{code}\n#[test]\nfn test() {{ main() }}\n}}").unwrap();
    }
    source
}

/// What is wrong with how a program was judged.
fn fault(command: &Path, tests: &Path, name: &str) -> Option<String> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let mut exec = Command::new(command);
    exec.args(["exec", "--format", "json", "--on-deadlock", "panic", "--on-stall", "exit"]);
    exec.args(["--stall", STALL, "--dir"]).arg(folder.path().join("recordings")).arg("--");
    exec.arg(tests).args(["--exact", &format!("{name}::test")]).current_dir(workspace());
    let ran = run(exec, folder.path(), LIMIT);
    let fault = |what: &str| Some(format!("{name}: {what}\n{}{}", ran.stdout, ran.stderr));
    let Some(code) = ran.code else { return fault("it hangs") };
    let report = match Report::parse(&ran.stdout) {
        Ok(report) => report,
        Err(error) => return fault(&error),
    };
    let told = |rule: &str| matches!(rule, "deadlock" | "self-deadlock" | "stall");
    if code != 1 || !report.denied().any(|finding| told(&finding.rule)) {
        return fault(&format!("code {code}, and no deadlock or stall is denied"));
    }
    if report.program.is_some_and(|program| program.code == Some(0)) {
        return fault("the test passed");
    }
    None
}

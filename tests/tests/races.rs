//! Every program of `tests/corpus_race`, compiled with the drop-in and run under the command.
//!
//! The verdict is in the name: `racy_` programs have a data race in every run, `free_` ones have none and are not warned
//! about, `unprotected_` ones are ordered by luck. Lines with markers such as `// (1)` are those that the finding must
//! name; when it has two sides, either may come first. Each program also compiles, and does the same, without
//! instrumentation.
//!
//! `SYNCSCOPE_CORPUS=racy_ring` runs only the programs whose names contain the text, `SYNCSCOPE_RUNS=20` each of them so often.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use syncscope_tests::build::{
    Artifacts, Compiler, package_artifacts, workspace, workspace_artifacts,
};
use syncscope_tests::floor::assert_size;
use syncscope_tests::parallel;
use syncscope_tests::report::{Finding, Report};
use syncscope_tests::run::run;
use syncscope_tests::together::{self, Program};

/// No program of the corpus needs so long, however busy the machine is.
const LIMIT: Duration = Duration::from_secs(20);

/// Runs of each program: schedules differ, verdicts must not.
const RUNS: u32 = 3;

#[test]
fn every_program_gets_its_verdict() {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let instrumented = workspace_artifacts(scratch);
    let command = instrumented.executable("cargo-syncscope").to_owned();
    let sources = sources();
    let compile = |built: &Artifacts, folder: &str| {
        let library = built.library("instrumented_sync");
        let compiler = Compiler::by_hand(scratch.join(folder), library);
        let args = ["-D", "warnings", "-C", "debuginfo=line-tables-only"];
        together::compile(&compiler.with_args(&args), &sources)
    };
    let on = compile(&instrumented, "races-on");
    // The next build puts another library in the place of this one.
    let off = compile(&package_artifacts(scratch, "instrumented-sync"), "races-off");
    let programs: Vec<_> = sources.iter().zip(on.into_iter().zip(off)).collect();
    let judged = parallel::map(parallel::cores(), &programs, |(source, programs)| {
        judge(source, &command, programs)
    });
    let faults: Vec<_> = judged.into_iter().flatten().collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// The corpus cannot shrink unnoticed.
#[test]
fn the_corpus_is_large_enough() {
    let count = |prefix: &str| all().iter().filter(|path| name(path).starts_with(prefix)).count();
    for (prefix, floor) in [("racy_", 43), ("free_", 63), ("unprotected_", 4)] {
        assert_size(prefix, count(prefix), floor);
    }
}

fn all() -> Vec<PathBuf> {
    let folder = Path::new("tests/corpus_race");
    let entries = fs::read_dir(workspace().join(folder)).expect("the corpus is there");
    let names = entries.map(|entry| entry.expect("the corpus can be listed").file_name());
    let mut sources: Vec<_> = names.map(|name| folder.join(name)).collect();
    sources.sort();
    sources
}

fn sources() -> Vec<PathBuf> {
    let only = std::env::var("SYNCSCOPE_CORPUS").unwrap_or_default();
    let mut sources = all();
    sources.retain(|source| name(source).contains(&only));
    assert!(!sources.is_empty(), "no program has `{only}` in its name");
    sources
}

fn name(source: &Path) -> String {
    source.file_stem().expect("a file has a name").to_string_lossy().into_owned()
}

type Compiled = Result<Program, String>;

/// What is wrong with how a program was judged; in each run.
fn judge(source: &Path, command: &Path, built: &(Compiled, Compiled)) -> Vec<String> {
    let name = name(source);
    let text = fs::read_to_string(workspace().join(source)).expect("the program can be read");
    let faults =
        |faults: Vec<String>| faults.into_iter().map(|fault| format!("{name}: {fault}")).collect();
    let (with, without) = match built {
        (Ok(with), Ok(without)) => (with, without),
        (Err(error), _) => return faults(vec![format!("does not compile: {error}")]),
        (_, Err(error)) => return faults(vec![format!("does not compile when off: {error}")]),
    };
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    // A race may have any effect in principle; these programs do nothing dangerous with it.
    let ran = run(without.command(), folder.path(), LIMIT);
    let mut found = Vec::new();
    if ran.code != Some(0) {
        found.push(format!("when off it ends with {:?}: {}", ran.code, ran.stderr));
    }
    let runs = std::env::var("SYNCSCOPE_RUNS").map_or(RUNS, |runs| runs.parse().expect("a number"));
    for _ in 0..runs {
        found.extend(run_once(&name, &text, command, with));
    }
    found.sort();
    found.dedup();
    faults(found)
}

fn run_once(name: &str, text: &str, command: &Path, program: &Program) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let mut exec = Command::new(command);
    exec.args(["exec", "--format", "json", "--dir"]).arg(folder.path().join("recordings"));
    exec.arg("--").args(program.words()).current_dir(workspace());
    let ran = run(exec, folder.path(), LIMIT);
    let report = match Report::parse(&ran.stdout) {
        Ok(report) => report,
        Err(error) => return vec![format!("{error}{}", ran.stderr)],
    };
    let (rule, level, code) = match name.split('_').next() {
        Some("racy") => ("data-race", "deny", 1),
        Some("unprotected") => ("unprotected-access", "warn", 0),
        _ => ("", "", 0),
    };
    let mut faults = Vec::new();
    if ran.code != Some(code) {
        faults.push(format!("exit code {:?}: {}", ran.code, ran.stderr));
    }
    if report.coverage.lost > 0 {
        faults.push(format!("{} things were lost", report.coverage.lost));
    }
    let listing = || report.findings.iter().map(line).collect::<Vec<_>>().join("; ");
    if let Some(other) = report.findings.iter().find(|finding| finding.rule != rule) {
        faults.push(format!("not expected: {}", line(other)));
    }
    let markers = markers(text);
    let names_all = |finding: &Finding| {
        let file = format!("{name}.rs");
        finding.level == level
            && finding.threads.len() == if name == "unprotected_declared" { 1 } else { 2 }
            && markers.iter().all(|line| finding.has_site(&file, *line))
    };
    if !rule.is_empty() && !report.findings.iter().any(names_all) {
        faults.push(format!("no finding names lines {markers:?}: {}", listing()));
    }
    faults
}

/// Lines with a marker.
fn markers(text: &str) -> Vec<u32> {
    let is_marked = |line: &str| {
        let digits = line.rsplit_once("// (").and_then(|(_, rest)| rest.strip_suffix(')'));
        digits.is_some_and(|digits| digits.parse::<u32>().is_ok())
    };
    (1..).zip(text.lines()).filter(|(_, line)| is_marked(line)).map(|(line, _)| line).collect()
}

fn line(finding: &Finding) -> String {
    let sites: Vec<_> = finding.sites.iter().map(|site| site.line.to_string()).collect();
    format!("{} {}: {} [lines {}]", finding.level, finding.rule, finding.message, sites.join(" "))
}

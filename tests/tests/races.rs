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
use syncscope_tests::build::{packages, workspace};
use syncscope_tests::parallel;
use syncscope_tests::report::{Finding, Report};
use syncscope_tests::run::run;

/// No program of the corpus needs so long, however busy the machine is.
const LIMIT: Duration = Duration::from_secs(20);

/// Runs of each program: schedules differ, verdicts must not.
const RUNS: u32 = 3;

/// A library to link.
struct Library {
    rlib: PathBuf,
    programs: PathBuf,
}

#[test]
fn every_program_gets_its_verdict() {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let instrumented = packages(scratch, &["instrumented-std", "cargo-syncscope"]);
    let command = instrumented.executable("cargo-syncscope").to_owned();
    let on = library(&instrumented, scratch.join("races-on"));
    let off = library(&packages(scratch, &["instrumented-sync"]), scratch.join("races-off"));
    let sources = sources();
    let judged =
        parallel::map(parallel::cores(), &sources, |source| judge(source, &command, &on, &off));
    let faults: Vec<_> = judged.into_iter().flatten().collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// The corpus cannot shrink unnoticed.
#[test]
fn the_corpus_is_large_enough() {
    let count = |prefix: &str| all().iter().filter(|path| name(path).starts_with(prefix)).count();
    assert!(count("racy_") >= 40, "{} racy programs", count("racy_"));
    assert!(count("free_") >= 60, "{} programs without a race", count("free_"));
    assert!(count("unprotected_") >= 4, "{} unprotected programs", count("unprotected_"));
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

/// A copy of the library in a folder of its own: the next build may put another one in its place.
fn library(built: &syncscope_tests::build::Artifacts, programs: PathBuf) -> Library {
    fs::create_dir_all(&programs).expect("the folder can be made");
    Library { rlib: built.library("instrumented_sync").to_owned(), programs }
}

impl Library {
    fn compile(&self, source: &Path) -> Result<PathBuf, String> {
        let program = self.programs.join(name(source));
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let mut rustc = Command::new(rustc);
        rustc.current_dir(workspace()).arg(source).arg("-o").arg(&program);
        rustc.args(["--edition", "2024", "-D", "warnings", "-C", "debuginfo=line-tables-only"]);
        let mut external = std::ffi::OsString::from("instrumented_sync=");
        external.push(&self.rlib);
        let mut dependencies = std::ffi::OsString::from("dependency=");
        let folder = self.rlib.parent().expect("a file lies in a folder");
        let is_deps = folder.file_name().is_some_and(|name| name == "deps");
        dependencies.push(if is_deps { folder.to_owned() } else { folder.join("deps") });
        rustc.arg("--extern").arg(external).arg("-L").arg(dependencies);
        let output = rustc.output().map_err(|error| error.to_string())?;
        if output.status.success() {
            Ok(program)
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }
}

/// What is wrong with how a program was judged; in each run.
fn judge(source: &Path, command: &Path, on: &Library, off: &Library) -> Vec<String> {
    let name = name(source);
    let text = fs::read_to_string(workspace().join(source)).expect("the program can be read");
    let faults =
        |faults: Vec<String>| faults.into_iter().map(|fault| format!("{name}: {fault}")).collect();
    let (with, without) = match (on.compile(source), off.compile(source)) {
        (Ok(with), Ok(without)) => (with, without),
        (Err(error), _) => return faults(vec![format!("does not compile: {error}")]),
        (_, Err(error)) => return faults(vec![format!("does not compile when off: {error}")]),
    };
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    // A race may have any effect in principle; these programs do nothing dangerous with it.
    let ran = run(Command::new(&without), folder.path(), LIMIT);
    let mut found = Vec::new();
    if ran.code != Some(0) {
        found.push(format!("when off it ends with {:?}: {}", ran.code, ran.stderr));
    }
    let runs = std::env::var("SYNCSCOPE_RUNS").map_or(RUNS, |runs| runs.parse().expect("a number"));
    for _ in 0..runs {
        found.extend(run_once(&name, &text, command, &with));
    }
    found.sort();
    found.dedup();
    faults(found)
}

fn run_once(name: &str, text: &str, command: &Path, program: &Path) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let mut exec = Command::new(command);
    exec.args(["exec", "--format", "json", "--dir"]).arg(folder.path().join("recordings"));
    exec.arg("--").arg(program).current_dir(workspace());
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

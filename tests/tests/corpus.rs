//! Every program of `tests/corpus`, compiled against the shadow `std`, many in one, and run under the command.
//!
//! `SYNCSCOPE_CORPUS=deadlock_abba` runs only the programs whose names contain the text.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use syncscope_tests::build::{Compiler, workspace, workspace_artifacts};
use syncscope_tests::expect::{Expectation, Kind};
use syncscope_tests::floor::assert_size;
use syncscope_tests::parallel;
use syncscope_tests::report::Report;
use syncscope_tests::run::{Ran, run};
use syncscope_tests::table::Table;
use syncscope_tests::together;
use syncscope_tests::verdict::{Outcome, Seen, judge};

/// No program of the corpus needs so long, however busy the machine is.
const LIMIT: Duration = Duration::from_secs(10);

/// Programs that never end get so long to be called a deadlock by mistake.
const STALL_LIMIT: Duration = Duration::from_secs(3);

/// Programs mostly wait, so more of them run at once than there are cores.
const RUNS_PER_CORE: usize = 4;

struct Program {
    kind: Kind,
    name: String,
    expected: Expectation,
    shadowed: together::Program,
    /// Compiled against plain `std`, where the output is to be compared.
    plain: Option<together::Program>,
}

#[test]
fn every_program_gets_its_verdict() {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let built = workspace_artifacts(scratch);
    let command = built.executable("cargo-syncscope");
    let shadow =
        Compiler::shadowed(scratch.join("corpus-shadowed"), built.library("instrumented_std"));
    let plain = Compiler::plain(scratch.join("corpus-plain"));

    let sources = sources();
    let programs = programs(&sources, &shadow, &plain);
    let threads = parallel::cores() * RUNS_PER_CORE;
    let outcomes = parallel::map(threads, &programs, |program| verdict(command, program));

    let mut table = Table::default();
    for (program, outcome) in programs.iter().zip(outcomes) {
        table.add(program.kind, &program.name, outcome);
    }
    println!("{table}");
    let failures: Vec<_> = table.failures().collect();
    assert!(failures.is_empty(), "{} programs were not judged right: {failures:?}", failures.len());
}

/// The corpus cannot shrink unnoticed.
#[test]
fn the_corpus_is_large_enough() {
    let count = |kind: Kind| {
        let prefix = kind.prefix();
        all_sources().iter().filter(|path| name(path).starts_with(prefix)).count()
    };
    let floors = [
        (Kind::Deadlock, 115),
        (Kind::Correct, 101),
        (Kind::Inversion, 54),
        (Kind::Stall, 18),
        (Kind::Recursive, 4),
    ];
    for (kind, floor) in floors {
        assert_size(kind.prefix(), count(kind), floor);
    }
}

fn all_sources() -> Vec<PathBuf> {
    let folder = Path::new("tests/corpus");
    let entries = fs::read_dir(workspace().join(folder)).expect("the corpus is there");
    let names = entries.map(|entry| entry.expect("the corpus can be listed").file_name());
    let mut sources: Vec<_> = names.map(|name| folder.join(name)).collect();
    sources.sort();
    sources
}

fn sources() -> Vec<PathBuf> {
    let only = std::env::var("SYNCSCOPE_CORPUS").unwrap_or_default();
    let mut sources = all_sources();
    sources.retain(|source| name(source).contains(&only));
    assert!(!sources.is_empty(), "no program has `{only}` in its name");
    sources
}

fn name(source: &Path) -> String {
    source.file_stem().expect("a file has a name").to_string_lossy().into_owned()
}

/// Compiled against both: against plain `std` only those that end.
fn programs(sources: &[PathBuf], shadow: &Compiler, plain: &Compiler) -> Vec<Program> {
    let read = |source: &PathBuf| {
        let name = name(source);
        let text = fs::read_to_string(workspace().join(source)).expect("the program can be read");
        let expected = Expectation::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let kind = Kind::of(&name).unwrap_or_else(|| panic!("{name} has no verdict in its name"));
        let ends = kind != Kind::Deadlock && !expected.killed && expected.stall.is_none();
        (kind, name, expected, ends)
    };
    let read: Vec<_> = sources.iter().map(read).collect();
    let ending = sources.iter().zip(&read).filter(|(_, (.., ends))| *ends);
    let ending: Vec<PathBuf> = ending.map(|(source, _)| source.clone()).collect();
    let mut plain = together::compile(plain, &ending).into_iter();
    let shadowed = together::compile(shadow, sources);
    let programs =
        read.into_iter().zip(shadowed).map(|((kind, name, expected, ends), shadowed)| {
            let built = |program: Result<_, String>| {
                program.unwrap_or_else(|error| panic!("{name} does not compile:\n{error}"))
            };
            let plain = plain.by_ref().take(usize::from(ends)).next().map(built);
            Program { kind, shadowed: built(shadowed), plain, name, expected }
        });
    programs.collect()
}

fn verdict(command: &Path, program: &Program) -> Outcome {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let recordings = folder.path().join("recordings");
    let ran = supervise(command, program, folder.path(), &recordings);
    let checked = check(command, folder.path(), &recordings);
    // A command that was killed has printed nothing: then the recordings speak.
    let text = if ran.code.is_some() { &ran.stdout } else { &checked.stdout };
    let report = match Report::parse(text) {
        Ok(report) => report,
        Err(error) => return Outcome::Inexact(format!("{error}{}", ran.stderr)),
    };
    let file = format!("{}.rs", program.name);
    let outcome =
        judge(program.kind, &program.expected, &Seen { file: &file, ran: &ran, report: &report });
    if outcome != Outcome::Right {
        return outcome;
    }
    let differs =
        check_differs(&report, &checked).or_else(|| output_differs(program, folder.path()));
    differs.map_or(Outcome::Right, Outcome::Inexact)
}

/// Runs a program under `exec`, with its standard output in a file of its own.
fn supervise(command: &Path, program: &Program, folder: &Path, recordings: &Path) -> Ran {
    let mut exec = Command::new(command);
    exec.args(["exec", "--format", "json", "--dir"]).arg(recordings);
    exec.args(["--", "sh", "-c", "out=$0; exec \"$@\" >\"$out\""]).arg(folder.join("program"));
    exec.args(program.shadowed.words()).current_dir(workspace());
    if let Some(time) = &program.expected.stall {
        exec.env("SYNCSCOPE_STALL", time).env("SYNCSCOPE_ON_STALL", "exit");
    }
    if let Some(time) = &program.expected.held {
        exec.env("SYNCSCOPE_STALL", time);
    }
    let limit = if program.expected.killed { STALL_LIMIT } else { LIMIT };
    run(exec, folder, limit)
}

fn check(command: &Path, folder: &Path, recordings: &Path) -> Ran {
    let own = folder.join("check");
    fs::create_dir_all(&own).expect("the folder is writable");
    let mut check = Command::new(command);
    check.args(["check", "--format", "json"]).arg(recordings).current_dir(workspace());
    run(check, &own, LIMIT)
}

/// `check` on what is left must say the same as `exec`.
fn check_differs(report: &Report, checked: &Ran) -> Option<String> {
    let again = match Report::parse(&checked.stdout) {
        Ok(again) => again,
        Err(error) => return Some(format!("check: {error}{}", checked.stderr)),
    };
    let prints = |report: &Report| {
        report.findings.iter().map(|f| format!("{} {}", f.rule, f.fingerprint)).collect::<Vec<_>>()
    };
    if prints(report) != prints(&again) {
        return Some(format!("check differs: {:?} and {:?}", prints(report), prints(&again)));
    }
    let wanted = i32::from(report.denied().next().is_some());
    (checked.code != Some(wanted))
        .then(|| format!("check ended with {:?}: {}", checked.code, checked.stderr))
}

/// The program must print what it prints with plain `std`.
fn output_differs(program: &Program, folder: &Path) -> Option<String> {
    let plain = program.plain.as_ref()?;
    let own = folder.join("plain");
    fs::create_dir_all(&own).expect("the folder is writable");
    let ran = run(plain.command(), &own, LIMIT);
    let with = fs::read_to_string(folder.join("program")).expect("the output can be read");
    if ran.code != Some(program.expected.program) {
        return Some(format!("with plain std it ends with {:?}", ran.code));
    }
    (with != ran.stdout).then(|| format!("prints {with:?} instead of {:?}", ran.stdout))
}

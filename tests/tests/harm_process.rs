//! Threads, signals, stacks, `errno` and forks: a program behaves as with plain `std`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::time::Duration;
use syncscope_tests::build::{Artifacts, Compiler, workspace_artifacts};
use syncscope_tests::run::run;

const SOURCE: &str = "instrumented-sync/tests/hard/process.rs";

/// Far more than any of them needs.
const LIMIT: Duration = Duration::from_secs(120);

static BUILT: LazyLock<Artifacts> =
    LazyLock::new(|| workspace_artifacts(Path::new(env!("CARGO_TARGET_TMPDIR"))));

/// The program with plain std, and with the shadow of it.
static PROGRAMS: LazyLock<[PathBuf; 2]> = LazyLock::new(|| {
    let folder =
        |name: &str| Path::new(env!("CARGO_TARGET_TMPDIR")).join("harm_process").join(name);
    let plain = Compiler::plain(folder("plain"));
    let shadowed = Compiler::shadowed(folder("shadowed"), BUILT.library("instrumented_std"));
    [plain, shadowed].map(|compiler| {
        compiler.compile(Path::new(SOURCE)).unwrap_or_else(|error| panic!("{error}"))
    })
});

/// What can be seen of a run from outside, and how many recordings it left.
fn seen(program: &Path, scenario: &str) -> ((Option<i32>, String, String), usize) {
    let scratch = tempfile::tempdir().expect("a temporary folder can be made");
    let recordings = scratch.path().join("recordings");
    let mut command = Command::new(program);
    command.arg(scenario).env("RUST_BACKTRACE", "0");
    // As under the command, which tells what the recording says.
    command.env("SYNCSCOPE_DIR", &recordings).env("SYNCSCOPE_RUN", "test");
    let ran = run(command, scratch.path(), LIMIT);
    let left = fs::read_dir(&recordings).map_or(0, Iterator::count);
    ((ran.code, ran.stdout, ran.stderr), left)
}

fn same(scenario: &str, recordings: usize) {
    let [(plain, none), (shadowed, left)] =
        PROGRAMS.each_ref().map(|program| seen(program, scenario));
    assert_eq!(plain.0, Some(0), "{plain:?}");
    assert!(plain.1.ends_with("done\n"), "{plain:?}");
    assert_eq!(shadowed, plain);
    assert_eq!((none, left), (0, recordings), "recordings");
}

/// No thread of ours before the program has a second one.
#[test]
fn one_thread_stays_one_thread() {
    same("alone", 1);
}

#[test]
fn first_events_on_a_small_signal_stack() {
    same("small_signal_stack", 1);
}

#[test]
fn hooks_take_little_of_a_small_signal_stack() {
    same("nested_handlers", 1);
}

#[test]
fn signals_while_threads_begin_nest_and_end() {
    same("storm", 1);
}

#[test]
fn threads_with_small_stacks() {
    same("small_stacks", 1);
}

#[test]
fn a_recursion_that_holds_locks_takes_little_more_stack() {
    same("recursion", 1);
}

#[test]
fn errno_is_the_programs() {
    same("errno", 1);
}

/// What another thread of the parent held at the fork, of std's or of ours, is not waited for.
#[test]
fn children_of_a_process_with_threads() {
    same("children", 102);
}

#[test]
fn children_and_their_children() {
    same("generations", 3);
}

/// What a handler does is recorded only as far as it is common, so its children leave nothing.
#[test]
fn a_handler_that_forks() {
    same("fork_in_handler", 1);
}

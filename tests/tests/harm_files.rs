//! Files, descriptors, limits and disks: a program behaves as with plain `std`, whatever it does to them, and whatever is done to its
//! recording.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::time::Duration;
use syncscope_tests::build::{Artifacts, Compiler, workspace_artifacts};
use syncscope_tests::parallel::{cores, map};
use syncscope_tests::run::run;

const SOURCE: &str = "instrumented-sync/tests/hard/guest.rs";

/// Far more than any of them needs.
const LIMIT: Duration = Duration::from_secs(120);

static BUILT: LazyLock<Artifacts> =
    LazyLock::new(|| workspace_artifacts(Path::new(env!("CARGO_TARGET_TMPDIR"))));

/// The program with plain std, and with the shadow of it.
static PROGRAMS: LazyLock<[PathBuf; 2]> = LazyLock::new(|| {
    let folder = |name: &str| Path::new(env!("CARGO_TARGET_TMPDIR")).join("harm").join(name);
    let plain = Compiler::plain(folder("plain"));
    let shadowed = Compiler::shadowed(folder("shadowed"), BUILT.library("instrumented_std"));
    [plain, shadowed].map(|compiler| {
        compiler.compile(Path::new(SOURCE)).unwrap_or_else(|error| panic!("{error}"))
    })
});

/// What can be seen of a run from outside.
#[derive(Debug, PartialEq)]
struct Seen {
    code: Option<i32>,
    stdout: String,
    stderr: String,
    files: BTreeMap<String, Vec<u8>>,
}

/// Runs a scenario; under the command, or as if it were.
fn look(program: &Path, scenario: &str, mode: &str, supervised: bool) -> Seen {
    let scratch = tempfile::tempdir().expect("a temporary folder can be made");
    let home = scratch.path().join("home");
    fs::create_dir(&home).expect("a folder can be made");
    let mut command = Command::new(program);
    command.arg(scenario).current_dir(&home).env("RUST_BACKTRACE", "0");
    command.env("SYNCSCOPE_DIR", scratch.path().join("recordings")).env("SYNCSCOPE_MODE", mode);
    command.env_remove("SYNCSCOPE_RUN");
    if supervised {
        command.env("SYNCSCOPE_RUN", "test");
    }
    let ran = run(command, scratch.path(), LIMIT);
    let files = fs::read_dir(&home).expect("the folder is there").map(|entry| {
        let path = entry.expect("the folder can be listed").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, fs::read(&path).unwrap_or_default())
    });
    // Number and name of the thread that overflowed its stack.
    let stderr = ran.stderr.split('(').next().unwrap_or_default().to_owned();
    Seen { code: ran.code, stdout: ran.stdout, stderr, files: files.collect() }
}

/// How the runs differ, if they do.
fn difference(scenario: &str, mode: &str) -> Option<String> {
    let [plain, shadowed] = PROGRAMS.each_ref();
    let expected = look(plain, scenario, mode, true);
    assert!(!matches!(expected.code, None | Some(101)), "{scenario}: {expected:?}");
    let seen = look(shadowed, scenario, mode, true);
    (seen != expected).then(|| format!("{scenario}, {mode}: {seen:?}\ninstead of {expected:?}"))
}

fn all_behave(scenarios: &[&str]) {
    let differences: Vec<_> = map(cores(), scenarios, |scenario| {
        ["ring", "full"].into_iter().find_map(|mode| difference(scenario, mode))
    });
    let differences: Vec<_> = differences.into_iter().flatten().collect();
    assert!(differences.is_empty(), "{}", differences.join("\n\n"));
}

#[test]
fn descriptors() {
    all_behave(&[
        "closes_all",
        "closes_all_first",
        "closes_range",
        "takes_all",
        "takes_all_first",
        "takes_the_upper",
        "closes_all_in_a_thread",
        "lowest_numbers",
        "lists_descriptors",
        "uses_up_descriptors",
        "uses_up_descriptors_first",
        "three_descriptors",
        "fewer_descriptors",
        "standard_streams_closed",
        "standard_error_replaced",
        "inherited_descriptor",
    ]);
}

#[test]
fn other_processes() {
    all_behave(&["starts_others", "forks_while_threads_work", "daemon", "daemon_first"]);
}

#[test]
fn folders_users_and_limits() {
    all_behave(&[
        "root_changed",
        "folder_changed",
        "umask_of_all",
        "user_changed",
        "user_changed_first",
        "no_file_may_have_any_size",
        "small_files_only",
        "small_files_only_later",
        "few_addresses",
        "timer",
    ]);
}

#[test]
fn who_changes_its_root_has_deleted_nothing() {
    let seen = look(&PROGRAMS[1], "root_changed", "ring", false);
    assert!(!seen.stderr.contains("deleted"), "{seen:?}");
}

#[test]
fn recordings_that_are_removed_cut_or_replaced() {
    all_behave(&[
        "recording_removed",
        "recordings_removed",
        "recording_cut",
        "recording_cut_to_half",
        "recording_cut_again_and_again",
        "recording_cut_while_threads_work",
        "recording_longer",
        "recording_appended_to",
        "recording_is_a_folder_now",
        "recording_is_a_link_now",
        "recording_is_a_file_of_others_now",
        "recording_is_a_pipe_now",
    ]);
}

#[test]
fn recordings_that_are_written_to() {
    all_behave(&["recording_all_zeros", "recording_all_ones"]);
    let seeds: Vec<String> = (1..=4).map(|seed| format!("recording_scribbled_{seed}")).collect();
    all_behave(&seeds.iter().map(String::as_str).collect::<Vec<_>>());
}

/// Without the command the runtime warns by itself, but not in a file of the program's that has taken the number of standard error.
#[test]
fn warnings_go_to_what_the_process_was_started_with() {
    let [plain, shadowed] = PROGRAMS.each_ref();
    for scenario in ["standard_error_replaced", "standard_streams_closed"] {
        let expected = look(plain, scenario, "ring", false);
        assert_eq!(look(shadowed, scenario, "ring", false), expected, "{scenario}");
    }
    let warned = look(shadowed, "small_files_only", "ring", false);
    let text = "syncscope: warning: the recording cannot grow ";
    assert_eq!((warned.code, warned.stderr.as_str()), (Some(0), text));
}

#[test]
fn memory_on_a_full_disk() {
    all_behave(&["memory"]);
}

#[test]
fn signals_of_faults() {
    all_behave(&[
        "bus_handler_before",
        "bus_handler_after",
        "bus_handler_plain",
        "bus_handler_once",
        "bus_ignored",
        "bus_sent",
        "bus_sent_to_process",
        "bus_fault",
        "bus_default_sent",
        "bus_handler_asked_for",
        "stack_overflows",
    ]);
}

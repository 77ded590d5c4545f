//! Hard conditions: the programs of `instrumented-sync/tests/hard` behave as with plain `std`, and what they leave can be checked.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, Mutex};
use std::time::Duration;
use syncscope_tests::build::{Artifacts, Compiler, workspace_artifacts};
use syncscope_tests::command::Tool;
use syncscope_tests::report::Report;
use syncscope_tests::run::{Ran, run};

/// Far more than any of them needs, also on a machine that does other things.
const LIMIT: Duration = Duration::from_secs(300);

static BUILT: LazyLock<Artifacts> =
    LazyLock::new(|| workspace_artifacts(Path::new(env!("CARGO_TARGET_TMPDIR"))));

static COMPILER: LazyLock<Compiler> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hard");
    Compiler::shadowed(folder, BUILT.library("instrumented_std"))
});

/// Programs that were compiled: tests that share one must not compile it twice at a time.
static PROGRAMS: Mutex<BTreeMap<String, PathBuf>> = Mutex::new(BTreeMap::new());

fn program(name: &str) -> PathBuf {
    let mut programs = PROGRAMS.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let source = format!("instrumented-sync/tests/hard/{name}.rs");
    let compile = || COMPILER.compile(Path::new(&source)).unwrap_or_else(|error| panic!("{error}"));
    programs.entry(name.to_owned()).or_insert_with(compile).clone()
}

/// A run of a program, and what it left.
struct Hard {
    tool: Tool,
    recordings: PathBuf,
    ran: Ran,
}

impl Hard {
    fn run(name: &str) -> Self {
        Self::run_with(&program(name), |_| ())
    }

    /// `settle` may change the command, which has its folder for recordings already.
    fn run_with(program: &Path, settle: impl FnOnce(&mut Command)) -> Self {
        let tool = Tool::new(BUILT.executable("cargo-syncscope"));
        let recordings = tool.folder().join("recordings");
        let mut command = Command::new(program);
        command.env("SYNCSCOPE_DIR", &recordings).env_remove("SYNCSCOPE_MODE");
        command.env("RUST_BACKTRACE", "0");
        settle(&mut command);
        let ran = run(command, tool.folder(), LIMIT);
        Self { tool, recordings, ran }
    }

    /// It ended like this, and said nothing else.
    fn ended(&self, code: i32, stdout: &str) -> &Self {
        let Ran { stderr, .. } = &self.ran;
        assert_eq!((self.ran.code, &*self.ran.stdout), (Some(code), stdout), "{stderr}");
        self
    }

    fn silently(&self) -> &Self {
        assert_eq!(self.ran.stderr, "");
        self
    }

    /// The one line that the runtime warns with.
    fn warning(&self) -> &str {
        let lines: Vec<_> = self.ran.stderr.lines().collect();
        assert_eq!(lines.len(), 1, "{}", self.ran.stderr);
        let warning = lines[0].strip_prefix("syncscope: warning: ");
        warning.unwrap_or_else(|| panic!("{}", self.ran.stderr))
    }

    /// What `check` says; every recording must be readable.
    fn check(&self) -> Report {
        let (_, report) = self.tool.report("check", &[self.recordings.as_os_str()]);
        assert!(report.unreadable.is_empty(), "{:?}", report.unreadable);
        report
    }

    /// As [`Self::check`]; nothing may be found or lost.
    fn clean(&self, recordings: usize) -> Report {
        let report = self.check();
        assert!(report.findings.is_empty(), "{:?}", report.findings);
        assert_eq!((report.recordings.len(), report.coverage.lost), (recordings, 0));
        report
    }

    fn megabytes(&self) -> u64 {
        let files = fs::read_dir(&self.recordings).expect("there are recordings");
        let bytes: u64 = files.map(|file| file.unwrap().metadata().unwrap().len()).sum();
        bytes >> 20
    }
}

#[test]
fn locks_in_destructors_of_thread_locals() {
    let run = Hard::run("thread_locals");
    let coverage = run.ended(0, "80 80 80 320\n").silently().clean(1).coverage;
    assert_eq!((coverage.threads, coverage.edges), (81, 1));
}

#[test]
fn panics_with_locks_held_and_poisoned_locks() {
    let run = Hard::run("panics");
    let coverage = run.ended(0, "50 50\n").silently().clean(1).coverage;
    assert_eq!((coverage.locks, coverage.edges), (2, 1));
}

#[test]
fn a_panic_while_panicking_aborts_as_with_std() {
    let run = Hard::run("double_panic");
    let report = run.ended(134, "").clean(1);
    assert_eq!((report.coverage.locks, report.coverage.edges), (2, 1));
}

#[test]
fn children_of_a_fork_have_recordings_of_their_own() {
    let run = Hard::run("fork");
    let report = run.ended(0, "5 children\n").silently().clean(6);
    // One edge in each child, two in the parent.
    assert_eq!(report.coverage.edges, 7);
}

#[test]
fn exit_with_running_threads() {
    let run = Hard::run("exit_running");
    let coverage = run.ended(3, "leaving\n").silently().clean(1).coverage;
    assert_eq!(coverage.threads, 9);
    // Those of the main thread and of the last worker it waits for; the others may not have had a turn yet.
    assert!((2..=8).contains(&coverage.edges), "{} edges", coverage.edges);
}

#[test]
fn signal_handlers_that_lock() {
    let run = Hard::run("signals");
    let report = run.ended(0, "true true\n").silently().check();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    // In a handler there is no room to name the locks that only handlers use.
    assert!(report.coverage.lost > 0);
}

/// Blocked signals alone are no handler.
#[test]
fn signals_that_are_blocked_from_the_start() {
    let coverage = Hard::run("signals_blocked").ended(0, "").silently().clean(1).coverage;
    assert_eq!((coverage.edges, coverage.lost), (2, 0));
}

#[test]
fn what_passes_in_a_handler_refutes_nothing() {
    let program = program("first_in_handler");
    Hard::run_with(&program, |_| ()).ended(0, "1 0\n").silently().clean(1);
    for (case, stdout) in [("class", "1 1\n"), ("thread", "2 0\n")] {
        let run = Hard::run_with(&program, |command| _ = command.arg(case));
        let report = run.ended(0, stdout).check();
        let found: Vec<_> =
            report.findings.iter().map(|found| (&*found.rule, &*found.grade)).collect();
        assert_eq!(found, [("lock-order-inversion", "possible")], "{case}");
        assert_eq!(report.coverage.lost, 1, "{case}");
    }
}

#[test]
fn a_holder_that_somebody_wrote_into_the_recording() {
    Hard::run("scribbled_holder").ended(0, "1 1\n").silently();
}

#[test]
fn a_global_allocator_that_locks() {
    let run = Hard::run("allocator");
    let report = run.ended(0, "8000 8000 8000\n").silently().check();
    // What a thread that is inside the allocator cannot store at once is given up, and told.
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    assert_eq!(report.coverage.processes, 1);
}

#[test]
fn threads_that_the_drop_in_did_not_make_come_first() {
    let run = Hard::run("foreign_first");
    let coverage = run.ended(0, "5 5\n").silently().clean(1).coverage;
    assert_eq!((coverage.threads, coverage.edges), (5, 1));
}

#[test]
fn a_library_with_its_own_copy_of_the_runtime() {
    let library = COMPILER.compile_library(Path::new("instrumented-sync/tests/hard/plugin.rs"));
    let library = library.unwrap_or_else(|error| panic!("{error}"));
    let run = Hard::run_with(&program("host"), |command| _ = command.arg(library));
    let report = run.ended(0, "21\n").silently().clean(2);
    assert_eq!(report.coverage.locks, 3);
}

#[test]
fn ten_thousand_threads() {
    // Until the last of so many threads has begun, the first hold their locks: how long, the machine decides.
    let patient = |command: &mut Command| {
        _ = command.env("SYNCSCOPE_LONG_HOLD", "off").env("SYNCSCOPE_LONG_WAIT", "off");
    };
    let run = Hard::run_with(&program("many_threads"), patient);
    run.ended(0, "33000 true\n");
    let report = run.check();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    assert_eq!(report.coverage.threads, 11_001);
    // 40 MiB of rings, and the tables of so many threads at once.
    assert!(run.megabytes() < 256, "{} MiB", run.megabytes());
}

#[test]
fn a_million_locks_come_and_go() {
    let run = Hard::run("many_locks");
    let coverage = run.ended(0, "ok\n").silently().clean(1).coverage;
    assert_eq!((coverage.locks, coverage.edges), (1_200_000, 0));
    assert!(run.megabytes() < 16, "{} MiB", run.megabytes());
}

#[test]
fn tables_do_not_grow_with_acquisitions() {
    let run = Hard::run("many_acquisitions");
    let coverage = run.ended(0, "1600000\n").silently().clean(1).coverage;
    assert_eq!((coverage.locks, coverage.edges), (3, 3));
}

#[test]
fn nestings_of_one_kind_are_bounded() {
    let run = Hard::run("many_edges");
    let report = run.ended(0, "100128\n").silently().check();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    let coverage = report.coverage;
    assert!((4096..16_384).contains(&coverage.edges), "{} edges", coverage.edges);
    // Each is kept or counted, in thousands.
    assert!(coverage.edges + coverage.lost >= 98_000, "{} and {}", coverage.edges, coverage.lost);
    assert!(run.megabytes() < 8, "{} MiB", run.megabytes());
}

#[test]
fn edges_beyond_the_cap_are_counted() {
    let capped = |command: &mut Command| _ = command.env("SYNCSCOPE_NODE_CAP", "5000");
    let run = Hard::run_with(&program("many_edges"), capped);
    let coverage = run.ended(0, "100128\n").check().coverage;
    assert!((1..=5000).contains(&coverage.edges), "{} edges", coverage.edges);
    assert!(coverage.lost > 0);
}

/// Nestings beyond the cap are not kept, but for the first of each kind.
#[test]
fn an_inversion_beyond_the_cap_is_found() {
    let capped = |command: &mut Command| _ = command.env("SYNCSCOPE_NODE_CAP", "5000");
    let run = Hard::run_with(&program("beyond_cap"), capped);
    let report = run.ended(0, "done\n").check();
    assert_eq!(report.rules(), ["lock-order-inversion"]);
    assert!(report.coverage.lost > 0);
}

/// However many locks there are, an inversion of two others among them is found.
#[test]
fn a_fresh_lock_for_each_request() {
    let run = Hard::run("fresh_inner");
    let report = run.ended(0, "200000\n").check();
    assert_eq!(report.rules(), ["lock-order-inversion"]);
    assert!((4096..16_384).contains(&report.coverage.edges), "{} edges", report.coverage.edges);
    assert!(report.coverage.lost > 0);
    assert!(run.megabytes() < 8, "{} MiB", run.megabytes());
}

/// Four and a half million nestings of one kind are possible; some thousand are kept.
#[test]
fn transfers_between_accounts() {
    let run =
        |mode: &'static str| Hard::run_with(&program("accounts"), |command| _ = command.arg(mode));
    let (ordered, both, one) = (run("ordered"), run("both"), run("one"));
    let report = ordered.ended(0, "320000\n").silently().check();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    assert!(report.coverage.lost > 0);
    for run in [both, one] {
        let report = run.ended(0, "320000\n").check();
        assert!(report.rules().contains(&"lock-order-inversion"), "{:?}", report.findings);
        assert!(run.megabytes() < 12, "{} MiB", run.megabytes());
    }
}

/// In time that is proportional to their number: this takes minutes otherwise.
#[test]
fn fifty_thousand_locks_held() {
    let run = Hard::run("many_held");
    let report = run.ended(0, "20000 2\n").silently().check();
    // Of what was lost nothing is known, so what it may hide is a warning.
    assert!(report.denied().next().is_none(), "{:?}", report.findings);
    assert!(report.coverage.lost > 0);
    assert!(run.megabytes() < 12, "{} MiB", run.megabytes());
}

/// As above: those of which nothing is known are not looked for among all others, each time.
#[test]
fn two_hundred_thousand_locks_held() {
    let run = Hard::run("held_unknown");
    let report = run.ended(0, "19994950099 1 true\n").silently().check();
    assert!(report.denied().next().is_none(), "{:?}", report.findings);
    assert!(report.coverage.lost > 0);
}

#[test]
fn what_a_thread_held_with_is_used_again() {
    let run = Hard::run("short_holders");
    run.ended(0, "true true\n").silently();
    // 300 rings, tables and held stacks at once.
    assert!(run.megabytes() < 64, "{} MiB", run.megabytes());
}

#[test]
fn clocks_do_not_grow_with_the_square_of_threads() {
    let capped = |command: &mut Command| _ = command.env("SYNCSCOPE_NODE_CAP", "10000");
    let run = Hard::run_with(&program("many_generations"), capped);
    let coverage = run.ended(0, "3000\n").clean(1).coverage;
    assert_eq!((coverage.threads, coverage.edges), (3001, 3000));
    // The last two thousand threads come after a thousand others each, which is eight kilobytes.
    assert!(run.megabytes() < 12, "{} MiB", run.megabytes());
}

#[test]
fn a_thousand_locks_held() {
    let run = Hard::run("deep");
    let report = run.ended(0, "1001\n").check();
    let found: Vec<_> = report.findings.iter().map(|finding| &*finding.rule).collect();
    assert_eq!(found, ["lock-order-inversion"]);
    // Every pair of the thousand, and the one the other way round.
    assert_eq!(report.coverage.edges, 1000 * 999 / 2 + 1);
}

#[test]
fn guards_out_of_order_and_on_the_move() {
    let run = Hard::run("guards");
    run.ended(0, "done\n").silently().clean(1);
}

#[test]
fn a_full_disk() {
    let program = program("steady");
    let tool = Tool::new(BUILT.executable("cargo-syncscope"));
    let recordings = tool.folder().join("recordings");
    let mut command = Command::new("sh");
    // Blocks of 512 bytes; without the trap the kernel would end the process at the limit.
    command.args(["-c", "trap '' XFSZ; ulimit -f 400; exec \"$0\" >&2"]).arg(program);
    command.env("SYNCSCOPE_DIR", &recordings);
    let ran = run(command, tool.folder(), LIMIT);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let run = Hard { tool, recordings, ran };
    // A thread of ours warns, while the program prints.
    let mut lines: Vec<_> = run.ran.stderr.lines().collect();
    lines.sort_unstable();
    let [output, warning] = lines[..] else { panic!("{}", run.ran.stderr) };
    assert!(warning.starts_with("syncscope: warning: the recording cannot grow"), "{warning}");
    assert_eq!(output, "320000 320000");
    let coverage = run.check().coverage;
    assert!(coverage.lost > 0, "the report does not say that something was lost");
}

#[test]
fn a_folder_that_cannot_be_written() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file = folder.path().join("file");
    fs::write(&file, "").expect("the folder is writable");
    // A folder below a file cannot be made, whoever asks.
    let below = |command: &mut Command| _ = command.env("SYNCSCOPE_DIR", file.join("below"));
    let run = Hard::run_with(&program("steady"), below);
    run.ended(0, "320000 320000\n");
    assert!(run.warning().starts_with("no recording at "), "{}", run.warning());
}

#[test]
fn a_folder_that_is_deleted_meanwhile() {
    let run = Hard::run_with(&program("steady"), |command| _ = command.arg("delete"));
    run.ended(0, "320000 320000\n");
    assert!(run.warning().contains("was deleted while the program ran"), "{}", run.warning());
    assert!(!run.recordings.exists());
}

#[test]
fn a_relative_folder_is_where_the_process_was_started_and_secrets_are_left_out() {
    let tool = Tool::new(BUILT.executable("cargo-syncscope"));
    let mut command = Command::new(program("moves_away"));
    command.current_dir(tool.folder()).env("SYNCSCOPE_DIR", "recordings");
    command.args(["--password=hunter2", "--token", "hunter3", "https://me:hunter4@host/"]);
    let ran = run(command, tool.folder(), LIMIT);
    assert_eq!((ran.code, &*ran.stdout, &*ran.stderr), (Some(0), "1\n", ""));
    let files = std::fs::read_dir(tool.folder().join("recordings")).expect("the folder");
    let files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    let recording = syncscope_recording::read_file(&files[0]).unwrap();
    let args = &recording.process.args[1..];
    assert_eq!(args, ["--password=***", "--token", "***", "https://***@host/"]);
}

/// A nesting is recorded before its lock is waited for, and counted when it is acquired.
#[test]
fn what_was_waited_for_counts_once() {
    let run = Hard::run("waited_once");
    run.ended(0, "").silently();
    let files: Vec<_> = fs::read_dir(&run.recordings).unwrap().map(|e| e.unwrap().path()).collect();
    let recording = syncscope_recording::read_file(&files[0]).unwrap();
    let counts: Vec<_> = recording.nodes.iter().map(|node| node.count).collect();
    assert!(counts.iter().all(|count| *count == 1), "{counts:?}");
}

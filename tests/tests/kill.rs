//! A program under load, killed with SIGKILL at any moment: what it left can be checked and reported.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;
use syncscope_tests::build::{Artifacts, Compiler, workspace_artifacts};
use syncscope_tests::command::Tool;
use syncscope_tests::random::Random;
use syncscope_tests::run::kill_group;

static BUILT: LazyLock<Artifacts> =
    LazyLock::new(|| workspace_artifacts(Path::new(env!("CARGO_TARGET_TMPDIR"))));

static RACY: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs");
    let compiler = Compiler::by_hand(folder, BUILT.library("instrumented_sync"));
    let program = compiler.compile(Path::new("instrumented-sync/tests/hard/racy_load.rs"));
    program.unwrap_or_else(|error| panic!("{error}"))
});

static LOAD: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs");
    let compiler = Compiler::shadowed(folder, BUILT.library("instrumented_std"));
    let program = compiler.compile(Path::new("tests/programs/load.rs"));
    program.unwrap_or_else(|error| panic!("{error}"))
});

/// A running program; killed when dropped, also by a failing test.
struct Load {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Load {
    fn start(recordings: &Path, mode: &str) -> Self {
        Self::start_program(&LOAD, recordings, mode)
    }

    fn start_program(program: &Path, recordings: &Path, mode: &str) -> Self {
        let mut command = Command::new(program);
        command.env("SYNCSCOPE_DIR", recordings).env("SYNCSCOPE_MODE", mode).process_group(0);
        command.stderr(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the program starts");
        let output = BufReader::new(child.stdout.take().expect("its output is a pipe"));
        Self { child, output }
    }

    fn wait_until_ready(&mut self) {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("its output can be read");
        assert_eq!(line, "ready\n");
    }

    fn kill(mut self) {
        assert_eq!(self.child.try_wait().expect("it can be asked"), None, "it ended by itself");
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        kill_group(&self.child);
        let _ = self.child.wait();
    }
}

fn recordings_in(folder: &Path) -> usize {
    fs::read_dir(folder).map_or(0, |entries| {
        entries.flatten().filter(|e| e.path().extension() == Some(OsStr::new("syncscope"))).count()
    })
}

#[test]
fn killed_under_load_the_inversion_is_still_found() {
    let mut random = Random::seeded(20_26);
    for round in 0..10 {
        let mode = ["ring", "full", "order"][round % 3];
        let delay = Duration::from_micros(random.below(150_000));
        let tool = Tool::new(BUILT.executable("cargo-syncscope"));
        let recordings = tool.folder().join("recordings");
        let mut load = Load::start(&recordings, mode);
        load.wait_until_ready();
        thread::sleep(delay);
        load.kill();

        let context = format!("round {round}, mode {mode}, killed after {delay:?}");
        let (ran, report) = tool.report("check", &[recordings.as_os_str()]);
        assert_eq!(ran.code, Some(1), "{context}: {}", ran.stderr);
        assert!(report.unreadable.is_empty(), "{context}: {:?}", report.unreadable);
        let denied: Vec<_> = report.denied().collect();
        assert_eq!(denied.len(), 1, "{context}: {denied:#?}");
        assert_eq!(denied[0].rule, "lock-order-inversion", "{context}");
        assert_eq!(denied[0].sites.len(), 4, "{context}: {:#?}", denied[0].sites);

        let (ran, report) = tool.report("report", &[recordings.as_os_str()]);
        assert_eq!(ran.code, Some(1), "{context}: {}", ran.stderr);
        let process = &report.recordings[0];
        assert_eq!(process["exit"], "unknown", "{context}: {process:#}");
        let threads = process["end"]["threads"].as_array().map_or(0, Vec::len);
        assert!(threads > 0, "{context}: {process:#}");
        let human = tool.call(&["report".as_ref(), recordings.as_os_str()]);
        assert!(human.stdout.contains("lock-order-inversion"), "{context}: {}", human.stdout);
    }
}

/// Found races are in the file at once: what was printed after one was seen comes later than its record.
#[test]
fn killed_while_it_races_the_race_is_still_found() {
    let mut random = Random::seeded(11);
    for round in 0..10 {
        let mode = ["ring", "full", "order"][round % 3];
        let delay = Duration::from_micros(random.below(100_000));
        let tool = Tool::among_sources(BUILT.executable("cargo-syncscope"));
        let recordings = tool.folder().join("recordings");
        let mut load = Load::start_program(&RACY, &recordings, mode);
        load.wait_until_ready();
        thread::sleep(delay);
        load.kill();

        let context = format!("round {round}, mode {mode}, killed after {delay:?}");
        let (ran, report) = tool.report("check", &[recordings.as_os_str()]);
        assert_eq!(ran.code, Some(1), "{context}: {}", ran.stderr);
        assert!(report.unreadable.is_empty(), "{context}: {:?}", report.unreadable);
        let told = report.findings.iter().map(|f| (&*f.rule, &*f.level, f.threads.len()));
        let told: Vec<_> = told.collect();
        // The orderly cell and the lock around it are not accused of anything, however the kill came.
        assert_eq!(told, [("data-race", "deny", 2)], "{context}");
        let human = tool.call(&["report".as_ref(), recordings.as_os_str()]);
        assert!(human.stdout.contains("data race on `TOTAL`"), "{context}: {}", human.stdout);
    }
}

#[test]
fn killed_at_its_start_nothing_breaks() {
    let mut random = Random::seeded(7);
    for round in 0..10 {
        let delay = Duration::from_micros(random.below(6_000));
        let tool = Tool::new(BUILT.executable("cargo-syncscope"));
        let recordings = tool.folder().join("recordings");
        fs::create_dir_all(&recordings).expect("the folder is writable");
        let load = Load::start(&recordings, "ring");
        thread::sleep(delay);
        load.kill();

        let code = tool.call(&["check".as_ref(), recordings.as_os_str()]).code;
        // Nothing yet, a file that says nothing yet, events without a finding, or the inversion.
        let allowed: &[i32] = if recordings_in(&recordings) == 0 { &[3] } else { &[0, 1, 3] };
        let fits = code.is_some_and(|code| allowed.contains(&code));
        assert!(fits, "round {round}, killed after {delay:?}: {code:?}");
        tool.call(&["report".as_ref(), recordings.as_os_str()]);
    }
}

/// Several processes write to one folder, and all are killed: each leaves its own file, and they are read together.
#[test]
fn killed_together_they_leave_a_file_each() {
    let tool = Tool::new(BUILT.executable("cargo-syncscope"));
    let recordings = tool.folder().join("recordings");
    let mut loads: Vec<_> = (0..3).map(|_| Load::start(&recordings, "ring")).collect();
    loads.iter_mut().for_each(Load::wait_until_ready);
    loads.into_iter().for_each(Load::kill);
    assert_eq!(recordings_in(&recordings), 3);
    let (ran, report) = tool.report("check", &[recordings.as_os_str()]);
    assert_eq!((ran.code, report.coverage.processes), (Some(1), 3), "{}", ran.stderr);
}

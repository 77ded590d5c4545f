//! `attach` on programs that run, that hang, and that are gone.

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use syncscope_tests::build::{Artifacts, Compiler, workspace_artifacts};
use syncscope_tests::command::Tool;
use syncscope_tests::run::kill_group;

static BUILT: LazyLock<Artifacts> =
    LazyLock::new(|| workspace_artifacts(Path::new(env!("CARGO_TARGET_TMPDIR"))));

static HANGS: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs");
    let compiler = Compiler::shadowed(folder, BUILT.library("instrumented_std"));
    compiler.compile(Path::new("tests/programs/hangs.rs")).unwrap_or_else(|error| panic!("{error}"))
});

/// A program that has said `ready`; killed when dropped.
struct Hanging(Child);

impl Hanging {
    fn start(recordings: &Path) -> Self {
        let mut command = Command::new(&*HANGS);
        command.env("SYNCSCOPE_DIR", recordings).process_group(0).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let output = child.stdout.take().expect("its output is a pipe");
        let this = Self(child);
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).expect("its output can be read");
        assert_eq!(line, "ready\n");
        this
    }

    fn pid(&self) -> String {
        self.0.id().to_string()
    }
}

impl Drop for Hanging {
    fn drop(&mut self) {
        kill_group(&self.0);
        let _ = self.0.wait();
    }
}

fn tool() -> Tool {
    Tool::among_sources(BUILT.executable("cargo-syncscope"))
}

/// The state of the one process of a JSON report.
fn state(tool: &Tool, target: &str) -> Value {
    let ran = tool.call(&["attach", target, "--once", "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.stdout).expect("a report");
    assert_eq!(report["command"], "attach");
    report["recordings"][0]["end"].clone()
}

fn thread<'a>(state: &'a Value, name: &str) -> &'a Value {
    let threads = state["threads"].as_array().expect("threads");
    threads.iter().find(|thread| thread["name"] == name).unwrap_or_else(|| panic!("{state:#}"))
}

/// Whom a thread waits for.
fn blockers<'a>(state: &'a Value, waiter: &Value) -> Vec<&'a Value> {
    let edges = state["wait_for"]["edges"].as_array().expect("edges").iter();
    let own = edges.filter(|edge| edge["waiter"] == waiter["number"]);
    own.map(|edge| &edge["blocker"]).collect()
}

/// The state when the last thread waits, which says so a moment before.
fn waiting(tool: &Tool, target: &str) -> Value {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let state = state(tool, target);
        if !blockers(&state, thread(&state, "second")).is_empty() {
            return state;
        }
        assert!(Instant::now() < deadline, "{state:#}");
    }
}

/// The program's threads wait in a row behind one that reads from a pipe. All of that is said while it hangs, by process
/// and by file, and nothing of it changes the recording.
#[test]
fn a_hanging_process_is_explained_without_touching_it() {
    let tool = tool();
    let recordings = tool.folder().join("recordings");
    let process = Hanging::start(&recordings);
    let file = recording_in(&recordings);
    let before = std::fs::metadata(&file).and_then(|file| file.modified()).expect("its time");

    for target in [process.pid(), file.display().to_string()] {
        let state = waiting(&tool, &target);
        assert_eq!(state["live"], true);
        let (loader, first) = (thread(&state, "loader"), thread(&state, "first"));
        let second = thread(&state, "second");
        for (waiter, blocker) in [(first, loader), (second, first)] {
            assert_eq!(blockers(&state, waiter), [&blocker["number"]]);
        }
        let main = &state["threads"][0];
        assert_eq!(blockers(&state, main).len(), 4, "its scope has four threads");
        assert_eq!(state["wait_for"]["stuck"], Value::Array(Vec::new()), "it may go on");
        assert_eq!((&loader["state"], &loader["os"]["state"]), (&"running".into(), &"S".into()));
        assert_eq!(
            loader["events"].as_array().and_then(|e| e.last()).map(|e| &e["what"]),
            Some(&"passes `indexed`".into())
        );
        let lasted = |thread: &Value| thread["wait"]["at_least_seconds"].as_f64().unwrap_or(0.0);
        assert!(lasted(first) > 0.0 && lasted(first) < 3600.0, "{first:#}");
        assert_eq!(thread(&state, "silent")["state"], "waiting");
    }
    let human = tool.call(&["attach", &process.pid(), "--once", "--full"]).stdout;
    assert!(
        human.contains("`loader` runs") && human.contains("3 threads wait behind it"),
        "{human}"
    );
    assert!(human.contains("state: running"), "{human}");

    let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
    let dir = recordings.display().to_string();
    let ran = tool.call(&["attach", &name, "--once", "--dir", &dir]);
    assert!(ran.stdout.contains("`loader` runs"), "{}{}", ran.stdout, ran.stderr);

    // Only the runtime's own word that the process lives may have been written meanwhile, and that is not our doing.
    let grown = std::fs::metadata(&file).and_then(|file| file.modified()).expect("its time");
    assert!(grown >= before);
    drop(process);
    let state = self::state(&tool, &file.display().to_string());
    assert_eq!((&state["live"], &thread(&state, "loader")["os"]), (&false.into(), &Value::Null));
}

/// The one that reads from a pipe waits for nothing that is recorded, and is not asked. A debugger sees it, if there is one and it may.
#[test]
fn a_debugger_is_asked_on_request() {
    let tool = tool();
    let process = Hanging::start(&tool.folder().join("recordings"));
    let _ = waiting(&tool, &process.pid());
    let arguments = ["attach", &process.pid(), "--once", "--ptrace", "--format", "json"];
    let ran = tool.call(&arguments);
    let report: Value = serde_json::from_str(&ran.stdout).expect("a report");
    let state = &report["recordings"][0]["end"];
    let is_refused = ran.stderr.contains("by a debugger: `gdb`");
    let functions = |frames: &Value| {
        let frames = frames.as_array().into_iter().flatten();
        frames.filter_map(|frame| frame["function"].as_str()).collect::<Vec<_>>().join(" ")
    };
    let loader = thread(state, "loader");
    assert_ne!(
        functions(&loader["stack"]).contains("hangs::main"),
        is_refused,
        "{}{loader:#}",
        ran.stderr
    );
    // It goes on, and nobody traces it.
    let status = format!("/proc/{}/status", process.pid());
    let status = std::fs::read_to_string(status).expect("the process is there");
    assert!(status.contains("TracerPid:\t0\n"), "{status}");
    assert!(!functions(&thread(state, "first")["wait"]["stack"]).is_empty());
}

/// A thread that waits for a message is idle, and is only asked for its stack after some seconds. Who looks now has it now.
#[test]
fn stacks_are_there_as_soon_as_somebody_asks() {
    let tool = tool();
    let recordings = tool.folder().join("recordings");
    let process = Hanging::start(&recordings);
    let state = waiting(&tool, &process.pid());
    for name in ["silent", "first", "second"] {
        let stack = thread(&state, name)["wait"]["stack"].to_string();
        assert!(stack.contains("hangs::main"), "{name}: {stack}");
    }
}

#[test]
fn a_deleted_recording_is_found_by_its_process() {
    let tool = tool();
    let recordings = tool.folder().join("recordings");
    let process = Hanging::start(&recordings);
    std::fs::remove_file(recording_in(&recordings)).expect("it can be deleted");
    let ran = tool.call(&["attach", &process.pid(), "--once"]);
    // Only root may follow the kernel's link to a deleted file; all others are told what to do.
    let is_found = ran.stdout.contains("`loader` runs");
    assert!(is_found || ran.stderr.contains("cannot attach"), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn without_once_it_looks_until_the_process_has_ended() {
    let tool = tool();
    let recordings = tool.folder().join("recordings");
    let process = Hanging::start(&recordings);
    let mut command = Command::new(BUILT.executable("cargo-syncscope"));
    command.args(["attach", &process.pid(), "--every", "10ms"]).stdout(Stdio::piped());
    let mut watching = command.spawn().expect("it starts");
    let output = watching.stdout.take().expect("its output is a pipe");
    let lines = BufReader::new(output).lines().map_while(Result::ok);
    let mut looks = lines.filter(|line| line.starts_with("  state: "));
    assert_eq!(looks.next().as_deref(), Some("  state: running"));
    assert_eq!(looks.next().as_deref(), Some("  state: running"));
    drop(process);
    let last = looks.last();
    assert_eq!(last.as_deref(), Some("  state: no orderly end: killed, aborted or out of memory"));
    assert!(watching.wait().expect("it ends").code().is_some());
}

#[test]
fn what_cannot_be_attached_to_says_why() {
    let tool = tool();
    for (target, word) in [
        (std::process::id().to_string(), "the process records nothing"),
        ("4000000000".to_owned(), "there is no such process"),
        ("nobody".to_owned(), "no such process, file or recording"),
    ] {
        let ran = tool.call(&["attach", &target, "--once"]);
        assert_eq!(ran.code, Some(2), "{}", ran.stdout);
        assert!(ran.stderr.contains(word), "{target}: {}", ran.stderr);
    }
}

fn recording_in(folder: &Path) -> PathBuf {
    let mut files = std::fs::read_dir(folder).expect("a folder").flatten().map(|e| e.path());
    files.find(|path| path.extension().is_some_and(|e| e == "syncscope")).expect("a recording")
}

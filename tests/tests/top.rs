//! `top` in a terminal: it shows a process that hangs, follows keys, and gives the terminal back, however it ends.

use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;
use syncscope_tests::build::{Artifacts, Compiler, workspace_artifacts};
use syncscope_tests::run::kill_group;

static BUILT: LazyLock<Artifacts> =
    LazyLock::new(|| workspace_artifacts(Path::new(env!("CARGO_TARGET_TMPDIR"))));

static HANGS: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs_of_top");
    let compiler = Compiler::shadowed(folder, BUILT.library("instrumented_std"));
    compiler.compile(Path::new("tests/programs/hangs.rs")).unwrap_or_else(|error| panic!("{error}"))
});

/// Longer than anything takes here, on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program that has said `ready`; killed when dropped.
struct Hanging {
    child: Child,
    _folder: tempfile::TempDir,
}

impl Hanging {
    fn start() -> Self {
        let temp = tempfile::tempdir().expect("a folder");
        let mut command = Command::new(&*HANGS);
        command.env("SYNCSCOPE_DIR", temp.path()).process_group(0).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let output = child.stdout.take().expect("its output is a pipe");
        let this = Self { child, _folder: temp };
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).expect("its output can be read");
        assert_eq!(line, "ready\n");
        this
    }
}

impl Drop for Hanging {
    fn drop(&mut self) {
        kill_group(&self.child);
        let _ = self.child.wait();
    }
}

/// `top` in a terminal of its own.
struct Watching {
    child: Child,
    /// Our end of the terminal.
    keys: File,
    /// The other end: what its modes are.
    terminal: File,
    shown: Receiver<Vec<u8>>,
    screen: vt100::Parser,
}

impl Watching {
    fn start(process: &Hanging) -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&ours).expect("it is ours");
        unlockpt(&ours).expect("it can be opened");
        let name = ptsname(&ours, Vec::new()).expect("its name");
        let path = Path::new(std::ffi::OsStr::from_bytes(name.to_bytes()));
        let open = || OpenOptions::new().read(true).write(true).open(path).expect("the other end");
        let terminal = open();
        let size = Winsize { ws_row: 30, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&terminal, size).expect("a size");
        let keys = File::from(ours);
        let mut reader = keys.try_clone().expect("another descriptor");
        let (send, shown) = mpsc::channel();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(len @ 1..) = reader.read(&mut bytes) {
                if send.send(bytes[..len].to_vec()).is_err() {
                    return;
                }
            }
        });
        let mut command = Command::new(BUILT.executable("cargo-syncscope"));
        command.args(["top", &process.child.id().to_string(), "--every", "100ms"]);
        command.env("TERM", "xterm").stdin(open()).stdout(open()).stderr(open());
        let child = command.spawn().expect("it starts");
        Self { child, keys, terminal, shown, screen: vt100::Parser::new(30, 120, 0) }
    }

    /// Reads what is drawn until the screen is as it should be.
    fn until(&mut self, what: &str, is_so: impl Fn(&vt100::Screen) -> bool) {
        while !is_so(self.screen.screen()) {
            let Ok(more) = self.shown.recv_timeout(PATIENCE) else {
                panic!("{what} is not shown:\n{}", self.screen.screen().contents());
            };
            self.screen.process(&more);
        }
    }

    fn shows(&mut self, text: &str) {
        self.until(text, |screen| screen.contents().contains(text));
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("keys arrive");
    }

    fn is_raw(&self) -> bool {
        let modes = tcgetattr(&self.terminal).expect("it has modes").local_modes;
        !modes.contains(LocalModes::ICANON)
    }

    /// Waits for its end, and gives its code.
    fn end(mut self) -> Option<i32> {
        assert!(self.screen.screen().alternate_screen());
        self.until("the screen of before", |screen| !screen.alternate_screen());
        let code = self.child.wait().expect("it ends").code();
        assert!(!self.is_raw(), "the terminal is as before");
        assert!(!self.screen.screen().hide_cursor());
        code
    }
}

#[test]
fn it_follows_keys_and_leaves_the_terminal_as_it_was() {
    let process = Hanging::start();
    let mut top = Watching::start(&process);
    top.shows("`TABLE` (lock)");
    assert!(top.is_raw());
    top.press("4");
    top.shows("3 threads wait behind it");
    top.press("/");
    top.shows("Enter keeps it");
    top.press("\x1b");
    top.shows("q quit");
    top.press("q");
    assert_eq!(top.end(), Some(0));
}

#[test]
fn it_tells_the_end_of_the_process_and_keeps_the_last_look() {
    let process = Hanging::start();
    let mut top = Watching::start(&process);
    top.shows("`TABLE` (lock)");
    drop(process);
    top.shows("has ended");
    top.press("\x03");
    assert_eq!(top.end(), Some(0));
}

#[test]
fn a_signal_ends_it_in_order() {
    let process = Hanging::start();
    let mut top = Watching::start(&process);
    top.shows("`TABLE` (lock)");
    let pid = Pid::from_child(&top.child);
    kill_process(pid, Signal::TERM).expect("it runs");
    assert_eq!(top.end(), Some(0));
}

#[test]
fn without_a_terminal_it_says_so_or_prints_one_look() {
    let process = Hanging::start();
    let pid = process.child.id().to_string();
    let top = |args: &[&str]| {
        let mut command = Command::new(BUILT.executable("cargo-syncscope"));
        command.args(["top", &pid]).args(args).stdin(Stdio::null());
        let output = command.output().expect("it runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, _, error) = top(&[]);
    assert_eq!(code, Some(2));
    assert!(error.contains("draws on a terminal") && error.contains("--once"), "{error}");
    let (code, look, _) = top(&["--once"]);
    assert_eq!(code, Some(0));
    for text in ["#3 `loader`", "`TABLE` (lock)", "3 threads wait behind it"] {
        assert!(look.contains(text), "{look}");
    }
}

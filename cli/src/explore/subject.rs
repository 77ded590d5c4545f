//! What is run: a program, or one test of a test binary.

use crate::swap::Noted;
use std::ffi::OsString;
use std::process::{Command, Stdio};

/// What is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The test, or the program.
    pub name: String,
    /// How it is run.
    pub command: Noted,
    /// Whether it is one test.
    pub is_test: bool,
}

/// Options of test binaries that go with one test.
const WITH_ONE: [&str; 4] = ["--ignored", "--include-ignored", "--nocapture", "--show-output"];

impl Subject {
    /// A program as it is.
    #[must_use]
    pub fn of_program(command: Noted) -> Self {
        let name = command.program.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Self { name, command, is_test: false }
    }

    /// The tests of a test binary, each for itself; the binary as it is when it cannot list any.
    #[must_use]
    pub fn of_tests(command: Noted) -> Vec<Self> {
        let Some(names) = tests(&command) else { return vec![Self::of_program(command)] };
        let kept = command.args.iter().filter(|arg| WITH_ONE.iter().any(|known| *arg == known));
        let kept: Vec<_> = kept.cloned().collect();
        let one = |name: String| {
            let ours = ["--exact", "--test-threads=1"].map(OsString::from);
            let mut command = command.clone();
            command.args =
                [OsString::from(&name)].into_iter().chain(ours).chain(kept.clone()).collect();
            Self { name, command, is_test: true }
        };
        names.into_iter().map(one).collect()
    }
}

/// The tests that these arguments choose. `None` when it is no binary of tests.
fn tests(command: &Noted) -> Option<Vec<String>> {
    let mut list: Command = command.command();
    list.args(["--list", "--format", "terse"]).env("SYNCSCOPE_MODE", "off");
    let output = list.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let text = output.status.success().then(|| String::from_utf8(output.stdout).ok())??;
    let names = text
        .lines()
        .map(|line| line.strip_suffix(": test").or_else(|| line.strip_suffix(": benchmark")));
    names.map(|name| name.map(str::to_owned)).collect()
}

//! Measures one task in a process of its own.

use std::ffi::OsString;
use std::fs;
use std::hint::black_box;
use std::io;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;
use syncscope_recording::{Events, read_file_with};

/// What the process that measures is started with.
pub const ARGUMENT: &str = "--measure";

/// Begins the answer.
const ANSWER: &str = "measured ";

/// What is done with the recordings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// `cargo syncscope check`.
    Check,
    /// `cargo syncscope report`.
    Report,
    /// Reads all events of one recording after the other.
    Events,
}

/// What it took.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// Time on a processor: others may want the machine, too.
    pub nanoseconds: u64,
    /// Peak of resident memory, bytes.
    pub peak: u64,
    /// Bytes that were read from files.
    pub read: u64,
}

impl Task {
    pub const ALL: [Self; 3] = [Self::Check, Self::Report, Self::Events];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Report => "report",
            Self::Events => "all events",
        }
    }
}

/// Starts a process that does the task.
pub fn measure(task: Task, folder: &Path) -> io::Result<Measured> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args([ARGUMENT, task.name()]).arg(folder);
    // The report goes nowhere; the answer comes beside it. Away from any project, whose settings would count.
    command.current_dir(folder).stdout(Stdio::null()).stderr(Stdio::piped());
    let output = command.output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    let answer = text.lines().find_map(|line| line.strip_prefix(ANSWER));
    let numbers: Option<Vec<u64>> =
        answer.map(|line| line.split(' ').filter_map(|word| word.parse().ok()).collect());
    match numbers.as_deref() {
        Some(&[nanoseconds, peak, read]) => Ok(Measured { nanoseconds, peak, read }),
        _ => Err(io::Error::other(format!("{} gives no answer: {text}", task.name()))),
    }
}

/// Does the task and tells what it took.
pub fn serve(task: &str, folder: &Path) -> ExitCode {
    let Some(task) = Task::ALL.into_iter().find(|known| known.name() == task) else {
        return ExitCode::FAILURE;
    };
    let start = Instant::now();
    let is_done = match task {
        Task::Check | Task::Report => {
            let words = ["cargo-syncscope", task.name()].map(OsString::from);
            cargo_syncscope::run(words.into_iter().chain([folder.into()])) == 0
        }
        Task::Events => events(folder).is_ok_and(|count| count > 0),
    };
    let elapsed = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
    // The whole process is one thread. What the kernel does for it counts.
    let nanoseconds = match number("/proc/self/schedstat", "") {
        0 => elapsed,
        on_processor => on_processor.min(elapsed),
    };
    eprintln!("{ANSWER}{nanoseconds} {} {}", peak(), read());
    if is_done { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn events(folder: &Path) -> io::Result<usize> {
    let mut count = 0;
    for file in super::recordings(folder)? {
        let recording = read_file_with(&file, Events::All).map_err(io::Error::other)?;
        count += black_box(&recording).streams.iter().map(|s| s.events.len()).sum::<usize>();
    }
    Ok(count)
}

fn peak() -> u64 {
    1024 * number("/proc/self/status", "VmHWM:")
}

fn read() -> u64 {
    number("/proc/self/io", "rchar:")
}

/// The number behind a word in a file of the kernel; 0 where there is none.
fn number(file: &str, word: &str) -> u64 {
    let text = fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(word));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

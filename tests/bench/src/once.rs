//! A process that does one case a number of times, to be looked at from outside: by valgrind, or by the file it leaves.

use crate::candidates::Candidate;
use crate::cases::{CASES, Kind, Work};
use std::hint::black_box;
use std::io::stdin;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{fs, io, thread};

/// What the process is started with; then the candidate, the case, and how often.
pub const ARGUMENT: &str = "--once";

/// The function that valgrind counts in.
pub const COUNTED: &str = "*once::counted*";

/// What the process says when it is warm.
pub const READY: &str = "ready";

/// What the process says in the end when locks did not read the clock (see [`has_beat`]).
pub const BEAT: &str = "beat";

/// Operations between two looks for the beat: some are needed before the runtime measures how fast they come.
const WARM_UP: u64 = 20_000;

/// So long a process may take to get a beat, in emulation.
const PATIENCE: Duration = Duration::from_secs(3);

/// The command line of such a process.
pub fn words(candidate: &Candidate, kind: Kind, count: u64) -> io::Result<Vec<String>> {
    let case = CASES.iter().find(|case| case.kind == kind).ok_or(io::ErrorKind::NotFound)?;
    Ok([ARGUMENT, candidate.name, case.name, &count.to_string()].map(str::to_owned).to_vec())
}

/// Its environment.
pub fn environment(command: &mut Command, candidate: &Candidate, recordings: &Path) {
    command.env_remove("SYNCSCOPE_MODE").env("SYNCSCOPE_DIR", recordings);
    if let Some(mode) = candidate.mode {
        command.env("SYNCSCOPE_MODE", mode);
    }
}

/// Does the case. Whether there is such a case.
///
/// Warms up, says so, and goes on with that until its standard input has a line or ends; only then it does what is counted.
pub fn serve(candidate: &Candidate, case: &str, count: u64) -> bool {
    let Some(case) = CASES.iter().find(|known| known.name == case) else { return false };
    (candidate.prepare)();
    if candidate.mode.is_some() {
        // A program that never had a second thread has no beat.
        _ = instrumented_sync::thread::spawn(|| ()).join();
    }
    let Some(work) = (candidate.work)(case.kind) else { return false };
    let start = Instant::now();
    let can_beat = candidate.mode.is_some_and(|mode| mode != "off");
    work(WARM_UP);
    while can_beat && !has_beat() && start.elapsed() < PATIENCE {
        work(WARM_UP);
    }
    println!("{READY}");
    let go = thread::spawn(|| stdin().read_line(&mut String::new()));
    while !go.is_finished() {
        work(WARM_UP);
    }
    black_box(counted(&work, count));
    if has_beat() {
        println!("{BEAT}");
    }
    true
}

/// A frame of its own, by which valgrind knows when to count.
#[inline(never)]
fn counted(work: &Work, count: u64) -> Duration {
    black_box(work(count))
}

/// Whether the runtime has started its beat, the thread that is the clock of those who lock very often.
fn has_beat() -> bool {
    let Ok(threads) = fs::read_dir("/proc/self/task") else { return false };
    threads.flatten().any(|thread| {
        fs::read_to_string(thread.path().join("comm"))
            .is_ok_and(|name| name.trim() == "syncscope-beat")
    })
}

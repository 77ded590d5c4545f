//! Runs a subject once, by a plan.

use super::Subject;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use syncscope_recording::schedule::{Outcome, Plan, State};

/// A place to run in: one run at a time.
#[derive(Debug)]
pub struct Bench {
    folder: PathBuf,
    /// How long a run may go without a step, by the clock on the wall.
    pub limit: Duration,
}

/// What came of a run.
#[derive(Debug)]
pub struct Ran {
    /// The code that it ended with.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// It was ended, since it made no step for too long.
    pub is_late: bool,
    /// What it did; `None` when the file with the schedule is damaged.
    pub outcome: Option<Outcome>,
    /// What it printed, where that was kept.
    pub printed: Vec<u8>,
}

/// How a run is made.
#[derive(Clone, Copy, Debug, Default)]
pub struct How<'a> {
    /// Where its recording goes; none is made otherwise.
    pub recordings: Option<&'a Path>,
    /// The steps are read.
    pub with_trace: bool,
    /// What it prints is kept.
    pub keeps_output: bool,
}

impl Bench {
    /// A bench in a folder of its own, which is removed with it.
    ///
    /// # Errors
    ///
    /// When the folder cannot be made.
    pub fn new(limit: Duration) -> io::Result<Self> {
        // In memory where there is such a place: a file is written at each step.
        let shared = Path::new("/dev/shm");
        let parent = if shared.is_dir() { shared.to_owned() } else { std::env::temp_dir() };
        sweep(&parent);
        let mut number = 0;
        loop {
            let folder = parent.join(format!("syncscope-{}-{number}", std::process::id()));
            match fs::create_dir(&folder) {
                Ok(()) => return Ok(Self { folder, limit }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// A folder for recordings of one run.
    #[must_use]
    pub fn recordings(&self) -> PathBuf {
        self.folder.join("recordings")
    }

    /// Runs it.
    ///
    /// # Errors
    ///
    /// When the program cannot be started, or the schedule cannot be written.
    pub fn run(&self, subject: &Subject, plan: &Plan<'_>, how: How<'_>) -> io::Result<Ran> {
        self.run_debugged(subject, plan, how, &mut |_| {})
    }

    /// As [`Self::run`]; `paused` is told the number of the process when that waits for a debugger.
    ///
    /// # Errors
    ///
    /// As [`Self::run`].
    pub fn run_debugged(
        &self,
        subject: &Subject,
        plan: &Plan<'_>,
        how: How<'_>,
        paused: &mut dyn FnMut(u32),
    ) -> io::Result<Ran> {
        let path = self.folder.join("schedule");
        let (bytes, len) = plan.bytes();
        let mut file = File::create(&path)?;
        file.write_all(&bytes)?;
        file.set_len(len)?;
        drop(file);
        let mut command = subject.command.command();
        command.env("SYNCSCOPE_SCHEDULE", &path).env("SYNCSCOPE_ON_DEADLOCK", "exit");
        command.stdin(Stdio::null());
        match how.recordings {
            Some(folder) => command.env("SYNCSCOPE_DIR", folder).env("SYNCSCOPE_MODE", "ring"),
            // Nested locks are judged without a file, too.
            None => command.env("SYNCSCOPE_DIR", "/dev/null").env("SYNCSCOPE_MODE", "order"),
        };
        let printed = self.folder.join("printed");
        if how.keeps_output {
            let file = File::create(&printed)?;
            command.stdout(file.try_clone()?).stderr(file);
        } else {
            command.stdout(Stdio::null()).stderr(Stdio::null());
        }
        let child = start(&mut command)?;
        let mut paused = plan.debugged.is_some().then_some(paused);
        let look = |pid: u32| {
            let is_paused = || read(&path).is_ok_and(|outcome| outcome.state == State::Paused);
            if paused.is_some()
                && is_paused()
                && let Some(paused) = paused.take()
            {
                paused(pid);
            }
        };
        let (status, is_late) = self.wait(child, &path, look)?;
        let outcome =
            File::open(&path).and_then(|mut file| Outcome::read(&mut file, how.with_trace));
        Ok(Ran {
            code: status.code(),
            signal: signal(status),
            is_late,
            outcome: outcome.ok(),
            printed: if how.keeps_output { fs::read(&printed)? } else { Vec::new() },
        })
    }

    /// Waits for the end, or makes it.
    fn wait(
        &self,
        mut child: Child,
        schedule: &Path,
        mut look: impl FnMut(u32),
    ) -> io::Result<(ExitStatus, bool)> {
        let (mut since, mut steps) = (Instant::now(), 0);
        // Most are over after some milliseconds.
        let mut pause = Duration::from_micros(100);
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok((status, false));
            }
            if since.elapsed() > self.limit {
                // On a busy machine a step may take a thousand times as long.
                let now = read(schedule).map_or(0, |outcome| outcome.steps);
                if now == steps {
                    child.kill()?;
                    return Ok((child.wait()?, true));
                }
                (since, steps) = (Instant::now(), now);
            }
            look(child.id());
            thread::sleep(pause);
            pause = (pause * 5 / 4).min(Duration::from_millis(5));
        }
    }
}

/// What the program has done so far, without its steps.
fn read(schedule: &Path) -> io::Result<Outcome> {
    File::open(schedule).and_then(|mut file| Outcome::read(&mut file, false))
}

impl Drop for Bench {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.folder);
    }
}

/// Removes what commands have left that were killed.
fn sweep(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let parts = name.to_str().and_then(|name| name.strip_prefix("syncscope-")?.split_once('-'));
        let Some((pid, number)) = parts else { continue };
        let is_number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
        let processes = Path::new("/proc");
        let is_gone = processes.join("self").exists() && !processes.join(pid).exists();
        if is_number(pid) && is_number(number) && is_gone {
            _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// A program that is just being written by another process cannot be started for a moment.
fn start(command: &mut Command) -> io::Result<Child> {
    for _ in 0..50 {
        match command.spawn() {
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => {
                thread::sleep(Duration::from_millis(10));
            }
            started => return started,
        }
    }
    command.spawn()
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}

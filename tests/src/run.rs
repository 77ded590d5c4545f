//! Runs programs with a hard time limit, each in a process group of its own, so that nothing is left behind.

use std::fs::File;
use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How a run ended.
#[derive(Debug)]
pub struct Ran {
    /// The exit code, 128 + signal when a signal ended it; `None` when it was killed at the limit.
    pub code: Option<i32>,
    /// What it wrote to its standard output.
    pub stdout: String,
    /// What it wrote to its standard error.
    pub stderr: String,
    /// How long it ran.
    pub took: Duration,
}

/// Runs a command to its end, or kills its whole process group after `limit`.
///
/// The output goes through files in `folder`: a pipe would stay open as long as any descendant lives.
///
/// # Panics
///
/// When it cannot be started or its output cannot be read.
pub fn run(mut command: Command, folder: &Path, limit: Duration) -> Ran {
    let (out, err) = (folder.join("stdout"), folder.join("stderr"));
    let create = |path: &Path| File::create(path).expect("the folder is writable");
    command.stdin(Stdio::null()).stdout(create(&out)).stderr(create(&err)).process_group(0);
    let start = Instant::now();
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let status = wait(&mut child, start + limit);
    let took = start.elapsed();
    if status.is_none() {
        kill_group(&child);
        child.wait().expect("a killed child can be waited for");
    }
    let read = |path: &Path| {
        let bytes = std::fs::read(path).expect("the output can be read");
        String::from_utf8_lossy(&bytes).into_owned()
    };
    Ran { code: status.map(code), stdout: read(&out), stderr: read(&err), took }
}

/// The exit code as a shell shows it.
#[must_use]
pub fn code(status: ExitStatus) -> i32 {
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0))
}

/// Kills a child that was started with `process_group(0)`, and all that it started.
///
/// # Panics
///
/// When `kill` cannot be run.
pub fn kill_group(child: &Child) {
    // There is no safe call for this in std, and the tests have no unsafe code.
    let group = format!("-{}", child.id());
    let status = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
    status.expect("`kill` can be run");
}

fn wait(child: &mut Child, deadline: Instant) -> Option<ExitStatus> {
    let mut pause = Duration::from_millis(1);
    loop {
        let status: io::Result<Option<ExitStatus>> = child.try_wait();
        if let Some(status) = status.expect("a child can be waited for") {
            return Some(status);
        }
        if Instant::now() >= deadline {
            return None;
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn codes_and_output_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let ran =
            run(shell("echo out; echo err >&2; exit 3"), folder.path(), Duration::from_secs(10));
        assert_eq!((ran.code, &*ran.stdout, &*ran.stderr), (Some(3), "out\n", "err\n"));
        assert_eq!(
            run(shell("kill -ABRT $$"), folder.path(), Duration::from_secs(10)).code,
            Some(134)
        );
    }

    #[test]
    fn the_limit_ends_the_whole_group() {
        let folder = tempfile::tempdir().unwrap();
        let script = "sleep 1000 & echo $!; wait";
        let ran = run(shell(script), folder.path(), Duration::from_millis(200));
        assert_eq!(ran.code, None);
        let stat = format!("/proc/{}/stat", ran.stdout.trim());
        // It was killed; the kernel may take a while to end it.
        let is_gone = || {
            let state = std::fs::read_to_string(&stat);
            state.map_or(true, |s| s.rsplit(')').next().is_some_and(|s| s.trim().starts_with('Z')))
        };
        let looks = 10_000;
        let gone = (0..looks).any(|_| {
            std::thread::sleep(Duration::from_millis(1));
            is_gone()
        });
        assert!(gone, "the grandchild still runs");
    }
}

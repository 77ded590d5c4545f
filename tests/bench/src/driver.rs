//! Starts the workers and asks them in turns.

use crate::candidates::{CANDIDATES, Candidate};
use crate::cases::CASES;
use crate::settings::Settings;
use crate::worker::{self, ANSWER};
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// Nanoseconds per operation: `[case][candidate][round]`; no rounds where a candidate has no such case.
pub type Results = Vec<Vec<Vec<f64>>>;

/// Measures everything.
///
/// # Errors
///
/// When a worker cannot be started or does not answer.
pub fn measure(settings: &Settings) -> io::Result<Results> {
    let recordings = tempfile::tempdir()?;
    let start = |candidate| Worker::start(candidate, recordings.path());
    let mut workers = CANDIDATES.iter().map(start).collect::<io::Result<Vec<_>>>()?;
    let mut results = vec![vec![Vec::with_capacity(settings.rounds); workers.len()]; CASES.len()];
    for (case, of_case) in results.iter_mut().enumerate() {
        eprintln!("{} …", CASES[case].name);
        let counts = workers.iter_mut().map(|worker| worker.calibrate(case, settings.slice));
        let counts = counts.collect::<io::Result<Vec<_>>>()?;
        for round in 0..settings.rounds {
            // Nobody is always the first after the others.
            for turn in 0..workers.len() {
                let index = (turn + round) % workers.len();
                if let Some(count) = counts[index] {
                    of_case[index].extend(workers[index].ask(case, count)?);
                }
            }
        }
    }
    Ok(results)
}

/// Operations of the shortest measurement.
const LEAST: u64 = 64;

struct Worker {
    name: &'static str,
    child: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Worker {
    fn start(candidate: &Candidate, recordings: &Path) -> io::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command
            .args([worker::ARGUMENT, candidate.name])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        command.env_remove("SYNCSCOPE_MODE").env("SYNCSCOPE_DIR", recordings);
        if let Some(mode) = candidate.mode {
            command.env("SYNCSCOPE_MODE", mode);
        }
        let mut child = command.spawn()?;
        let questions = child.stdin.take();
        let answers = child.stdout.take().ok_or_else(|| io::Error::other("no pipe"))?;
        Ok(Self { name: candidate.name, child, questions, answers: BufReader::new(answers) })
    }

    /// Warms a case up, and finds how often it has to be done to fill a slice; nothing if there is no such case.
    fn calibrate(&mut self, case: usize, slice: Duration) -> io::Result<Option<u64>> {
        let wanted = slice.as_nanos() as f64;
        let mut count = LEAST;
        while let Some(per_operation) = self.ask(case, count)? {
            if per_operation * count as f64 >= wanted / 2.0 {
                return Ok(Some(((wanted / per_operation) as u64).max(LEAST)));
            }
            count *= 2;
        }
        Ok(None)
    }

    /// Nanoseconds per operation; nothing if there is no such case.
    fn ask(&mut self, case: usize, count: u64) -> io::Result<Option<f64>> {
        let silent = || io::Error::other(format!("the worker for {} does not answer", self.name));
        writeln!(self.questions.as_mut().ok_or_else(silent)?, "{case} {count}")?;
        loop {
            let mut line = String::new();
            if self.answers.read_line(&mut line)? == 0 {
                return Err(silent());
            }
            if let Some(took) = line.strip_prefix(ANSWER).map(str::trim) {
                if took == worker::NOTHING {
                    return Ok(None);
                }
                let took: u64 = took.parse().map_err(|_| silent())?;
                return Ok(Some(took as f64 / count as f64));
            }
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // The end of its input ends it.
        self.questions = None;
        let _ = self.child.wait();
    }
}

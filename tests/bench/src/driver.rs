//! Starts the workers and asks them in turns.

use crate::candidates::{CANDIDATES, Candidate};
use crate::cases::CASES;
use crate::worker::ANSWER;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Rounds: each measures every case of every candidate once.
    pub rounds: usize,
    /// How long one measurement takes, about.
    pub slice: Duration,
}

/// Nanoseconds per operation: `[case][candidate][round]`.
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
                let per_operation = workers[index].ask(case, counts[index])?;
                of_case[index].push(per_operation);
            }
        }
    }
    Ok(results)
}

struct Worker {
    name: &'static str,
    child: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Worker {
    fn start(candidate: &Candidate, recordings: &Path) -> io::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["--worker", candidate.name]).stdin(Stdio::piped()).stdout(Stdio::piped());
        command.env_remove("SYNCSCOPE_MODE").env("SYNCSCOPE_DIR", recordings);
        if let Some(mode) = candidate.mode {
            command.env("SYNCSCOPE_MODE", mode);
        }
        let mut child = command.spawn()?;
        let questions = child.stdin.take();
        let answers = child.stdout.take().ok_or_else(|| io::Error::other("no pipe"))?;
        Ok(Self { name: candidate.name, child, questions, answers: BufReader::new(answers) })
    }

    /// Warms a case up, and finds how often it has to be done to fill a slice.
    fn calibrate(&mut self, case: usize, slice: Duration) -> io::Result<u64> {
        let mut count = 64;
        loop {
            let took = self.ask(case, count)? * count as f64;
            let wanted = slice.as_nanos() as f64;
            if took >= wanted / 2.0 {
                return Ok(((count as f64 * wanted / took) as u64).max(64));
            }
            count *= 2;
        }
    }

    /// Nanoseconds per operation.
    fn ask(&mut self, case: usize, count: u64) -> io::Result<f64> {
        let silent = || io::Error::other(format!("the worker for {} does not answer", self.name));
        writeln!(self.questions.as_mut().ok_or_else(silent)?, "{case} {count}")?;
        loop {
            let mut line = String::new();
            if self.answers.read_line(&mut line)? == 0 {
                return Err(silent());
            }
            if let Some(took) = line.strip_prefix(ANSWER) {
                let took: u64 = took.trim().parse().map_err(|_| silent())?;
                return Ok(took as f64 / count as f64);
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

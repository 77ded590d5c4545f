//! A failing schedule, as outputs show it.

use super::columns::{Line, lines};
use super::{Failure, Ran, Subject, columns};
use crate::escape;
use crate::source::Sources;
use crate::words;
use std::path::PathBuf;
use syncscope_recording::Recording;
use syncscope_recording::schedule::Outcome;

/// Lines of what the program printed that are shown.
const PRINTED: usize = 30;

/// Threads that are named.
const NAMED: usize = 16;

/// A failing schedule.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The test, or the program.
    pub subject: String,
    /// Whether it is one test.
    pub is_test: bool,
    /// How it goes wrong.
    pub failure: Failure,
    /// How many steps it has.
    pub steps: u64,
    /// How often another thread goes on.
    pub switches: usize,
    /// How many threads it has.
    pub threads: u32,
    /// What reports call the first of them, where they are recorded.
    pub names: Vec<Option<String>>,
    /// The steps.
    pub lines: Vec<Line>,
    /// The last lines that the program printed.
    pub printed: Vec<String>,
    /// What `replay` takes.
    pub file: Option<PathBuf>,
}

impl Shown {
    /// What a run has done that went wrong.
    #[must_use]
    pub fn new(
        subject: &Subject,
        failure: Failure,
        (ran, outcome): (&Ran, &Outcome),
        (sources, recordings): (&Sources, &[Recording]),
    ) -> Self {
        let printed = String::from_utf8_lossy(&ran.printed);
        let printed: Vec<_> = printed.lines().map(str::to_owned).collect();
        let trace = &outcome.trace;
        Self {
            subject: subject.name.clone(),
            is_test: subject.is_test,
            failure,
            steps: outcome.steps,
            switches: trace.windows(2).filter(|two| two[0].thread != two[1].thread).count(),
            threads: outcome.threads,
            names: names(outcome, recordings),
            lines: lines(trace, &outcome.sites, |place| source(sources, place)),
            printed: printed[printed.len().saturating_sub(PRINTED)..].to_vec(),
            file: None,
        }
    }

    /// The headline.
    #[must_use]
    pub fn title(&self) -> String {
        let what = if self.is_test { "test" } else { "program" };
        format!("{what} {} fails: {}", escape::name(&self.subject), self.failure.words())
    }

    /// All but the headline.
    #[must_use]
    pub fn body(&self) -> String {
        let mut text = format!(
            "The schedule ({}, {}, {}):\n\n",
            words::count(self.steps, "step", "steps"),
            words::count(self.switches as u64, "switch", "switches"),
            words::count(self.threads.into(), "thread", "threads"),
        );
        let printed = self.printed.iter().map(|line| escape::text(line).into_owned());
        let mut indent = |line: String| text += &format!("  {line}\n");
        let names = self.names.iter().enumerate();
        let names = names.filter_map(|(at, name)| Some(format!("T{at}: {}", name.as_ref()?)));
        let names: Vec<_> = names.take(NAMED).collect();
        columns(&self.lines).lines().for_each(|line| indent(line.to_owned()));
        if !names.is_empty() {
            text += &format!("\n  {}\n", names.join(", "));
        }
        if !self.printed.is_empty() {
            text += "\nWhat it printed:\n\n";
            printed.for_each(|line| text += &format!("  {line}\n"));
        }
        text
    }

    /// How to run it again, if it is kept.
    #[must_use]
    pub fn again(&self) -> Option<String> {
        let file = self.file.as_ref()?;
        Some(format!("cargo syncscope replay {}", escape::text(&file.display().to_string())))
    }
}

/// What the recording of the run calls its threads.
fn names(outcome: &Outcome, recordings: &[Recording]) -> Vec<Option<String>> {
    let of_run = |one: &&Recording| Some(&one.process.pid) == outcome.tids.first();
    let Some(recording) = recordings.iter().find(of_run) else { return Vec::new() };
    let name = |tid: &u32| {
        let mut threads = recording.threads.values();
        let thread = threads.find(|thread| thread.os_tid == *tid && !thread.is_task)?;
        let name = thread.name.as_deref();
        Some(words::thread_name("thread", name, thread.number.0, thread.is_main))
    };
    outcome.tids.iter().map(name).collect()
}

/// The line of the source at a place.
fn source(sources: &Sources, place: &str) -> Option<String> {
    let mut parts = place.rsplitn(3, ':');
    let column = parts.next()?.parse().ok()?;
    let line = parts.next()?.parse().ok()?;
    let file = sources.file(parts.next()?, line, column)?;
    Some(file.line(line)?.trim().to_owned())
}

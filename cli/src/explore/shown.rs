//! A failing schedule, as outputs show it.

use super::columns::{Line, lines};
use super::{Failure, Ran, Subject, columns};
use crate::escape;
use crate::source::Sources;
use std::path::PathBuf;
use syncscope_recording::schedule::Outcome;

/// Lines of what the program printed that are shown.
const PRINTED: usize = 30;

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
        sources: &Sources,
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
            "The schedule ({} steps, {} switches, {} threads):\n\n",
            self.steps, self.switches, self.threads
        );
        let printed = self.printed.iter().map(|line| escape::text(line).into_owned());
        let mut indent = |line: String| text += &format!("  {line}\n");
        columns(&self.lines).lines().for_each(|line| indent(line.to_owned()));
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

/// The line of the source at a place.
fn source(sources: &Sources, place: &str) -> Option<String> {
    let mut parts = place.rsplitn(3, ':');
    let column = parts.next()?.parse().ok()?;
    let line = parts.next()?.parse().ok()?;
    let file = sources.file(parts.next()?, line, column)?;
    Some(file.line(line)?.trim().to_owned())
}

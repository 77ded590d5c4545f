//! A schedule that fails: made short, kept, shown. What `explore` and `replay` share.

use super::Context;
use crate::error::CliError;
use crate::escape;
use crate::explore::{Bench, Failure, How, Ran, ReplayFile, Subject, columns, shorten};
use crate::files::FileError;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use syncscope_recording::Recording;
use syncscope_recording::schedule::{Options, Outcome, Plan, Segment, Strategy, segments};

/// Lines of what the program printed that are shown.
const PRINTED: usize = 30;

/// The recordings of one run, in a folder of their own, which goes with this.
pub(super) struct Kept {
    pub(super) folder: PathBuf,
}

impl Kept {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Reads them.
    pub(super) fn read(&self) -> Vec<Recording> {
        let files = crate::recordings::find(std::slice::from_ref(&self.folder)).unwrap_or_default();
        files.iter().filter_map(|file| syncscope_recording::read_file(file).ok()).collect()
    }

    /// Moves them to a folder.
    pub(super) fn keep(&self, folder: &Path) -> io::Result<()> {
        for file in crate::recordings::find(std::slice::from_ref(&self.folder)).unwrap_or_default()
        {
            if let Some(name) = file.file_name() {
                fs::copy(&file, folder.join(name))?;
            }
        }
        Ok(())
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.folder);
    }
}

/// A schedule that fails.
pub(super) struct Found {
    subject: Subject,
    options: Options,
    beginning: u64,
    limit: u64,
    failure: Failure,
    segments: Vec<Segment>,
    /// Whether it failed when it was followed.
    is_certain: bool,
    bench: Bench,
}

impl Found {
    /// Follows what a plan has found, and makes it short.
    pub(super) fn new(
        subject: &Subject,
        bench: &Bench,
        plan: &Plan<'_>,
        failure: Failure,
    ) -> io::Result<Self> {
        let ran = bench.run(subject, plan, How { with_trace: true, ..How::default() })?;
        let trace = ran.outcome.map(|outcome| outcome.trace).unwrap_or_default();
        let mut found = Self {
            subject: subject.clone(),
            options: plan.options,
            beginning: plan.beginning,
            limit: plan.limit,
            failure,
            segments: segments(&trace),
            is_certain: false,
            bench: Bench::new(bench.limit)?,
        };
        found.is_certain = found.fails(&found.segments).is_some();
        if found.is_certain {
            found.segments = shorten(found.segments.clone(), |tried| found.fails(tried));
        }
        Ok(found)
    }

    fn plan<'a>(&self, followed: &'a [Segment], briefly: bool) -> Plan<'a> {
        Plan {
            strategy: Strategy::Follow,
            seed: 0,
            length: 1,
            limit: self.limit,
            options: Options { briefly, spurious: false, early: false, ..self.options },
            beginning: self.beginning,
            followed,
            steered: &[],
            processor: Some(0),
        }
    }

    /// The steps that are made when this is followed, if it fails in the same way.
    fn fails(&self, followed: &[Segment]) -> Option<Vec<Segment>> {
        let how = How { with_trace: true, ..How::default() };
        let ran = self.bench.run(&self.subject, &self.plan(followed, true), how).ok()?;
        let failure = Failure::of(&ran, 0)?;
        (is_same(failure, self.failure))
            .then(|| segments(&ran.outcome.map(|outcome| outcome.trace).unwrap_or_default()))
    }

    /// Runs it once more with a report, keeps it, and shows it.
    pub(super) fn tell(
        &self,
        context: &Context,
        folder: &Path,
        name: &str,
    ) -> Result<(), CliError> {
        let cannot =
            |error| CliError::Start { program: self.subject.name.clone(), error, suggestion: "" };
        if !self.is_certain {
            context.print(&format!(
                "{} failed once ({}) and not again when the same was tried: something beyond the synchronisation of its threads \
                 differs.\n\n",
                title(&self.subject),
                self.failure.words()
            ));
            return Ok(());
        }
        let how = How { recordings: Some(folder), with_trace: true, keeps_output: true };
        let ran = self
            .bench
            .run(&self.subject, &self.plan(&self.segments, false), how)
            .map_err(cannot)?;
        let Some(outcome) = &ran.outcome else { return Ok(()) };
        show(context, &self.subject, Failure::of(&ran, 0).unwrap_or(self.failure), &ran, outcome);
        let path = folder.join(format!("{name}.json"));
        let how = (self.options, self.beginning);
        let file = ReplayFile::new(&self.subject, how, self.failure, (&self.segments, outcome));
        let text =
            serde_json::to_vec(&file.map_err(cannot)?).map_err(io::Error::from).map_err(cannot)?;
        fs::write(&path, text).map_err(|error| FileError {
            action: "write",
            path: path.clone(),
            error,
        })?;
        let path = escape::text(&path.display().to_string()).into_owned();
        context.print(&format!("Run it again: cargo syncscope replay {path}\n\n"));
        Ok(())
    }
}

/// What is run, as the beginning of a sentence.
fn title(subject: &Subject) -> String {
    let what = if subject.is_test { "test" } else { "program" };
    format!("{what} {}", escape::name(&subject.name))
}

/// Two forms of one deadlock are the same: which is seen first depends on who looks.
fn is_same(one: Failure, other: Failure) -> bool {
    let is_deadlock = |failure| matches!(failure, Failure::Deadlock | Failure::Stuck);
    one == other || is_deadlock(one) && is_deadlock(other)
}

/// Shows a run that has failed.
pub(super) fn show(
    context: &Context,
    subject: &Subject,
    failure: Failure,
    ran: &Ran,
    outcome: &Outcome,
) {
    let mut text = format!("\x1b[1m{} fails: {}\x1b[0m\n\n", title(subject), failure.words());
    let switches = outcome.trace.windows(2).filter(|two| two[0].thread != two[1].thread).count();
    text += &format!(
        "The schedule ({} steps, {switches} switches, {} threads):\n\n",
        outcome.steps, outcome.threads
    );
    for line in columns(&outcome.trace, &outcome.sites).lines() {
        text += &format!("  {line}\n");
    }
    let printed = String::from_utf8_lossy(&ran.printed);
    let lines: Vec<_> = printed.lines().collect();
    if !lines.is_empty() {
        text += "\nWhat it printed:\n\n";
        for line in lines.iter().skip(lines.len().saturating_sub(PRINTED)) {
            text += &format!("  {}\n", escape::text(line));
        }
    }
    text.push('\n');
    context.print(&text);
}

//! A schedule that fails: made short, kept, shown. What `explore` and `replay` share.

use super::Context;
use super::raced::Raced;
use crate::error::CliError;
use crate::escape;
use crate::explore::{Bench, Failure, How, ReplayFile, Shown, Subject, shorten};
use crate::files::FileError;
use crate::output::Format;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use syncscope_recording::Recording;
use syncscope_recording::schedule::{Options, Plan, Segment, Strategy, segments};

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
        read(&self.folder)
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

/// The recordings of a folder, as far as they can be read.
pub(super) fn read(folder: &Path) -> Vec<Recording> {
    let files = crate::recordings::find(&[folder.to_owned()]).unwrap_or_default();
    files.iter().filter_map(|file| syncscope_recording::read_file(file).ok()).collect()
}

impl Drop for Kept {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.folder);
    }
}

/// A schedule that fails.
pub(super) struct Found<'a> {
    subject: Subject,
    options: Options,
    beginning: u64,
    limit: u64,
    failure: Failure,
    segments: Vec<Segment>,
    /// Whether it failed when it was followed.
    is_certain: bool,
    bench: Bench,
    raced: Option<&'a Raced<'a>>,
    /// The races that the failure is.
    races: BTreeSet<String>,
}

impl<'a> Found<'a> {
    /// Follows what a plan has found, and makes it short. `raced` judges races, where the program was built to look for them.
    pub(super) fn new(
        subject: &Subject,
        bench: &Bench,
        plan: &Plan<'_>,
        (failure, races): (Failure, BTreeSet<String>),
        raced: Option<&'a Raced<'a>>,
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
            raced,
            races,
        };
        found.is_certain = found.fails(&found.segments).is_some();
        if found.is_certain {
            found.segments = shorten(found.segments.clone(), |tried| found.fails(tried));
        }
        Ok(found)
    }

    fn plan<'b>(&self, followed: &'b [Segment], briefly: bool) -> Plan<'b> {
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
            debugged: None,
        }
    }

    /// The steps that are made when this is followed, if it fails in the same way.
    fn fails(&self, followed: &[Segment]) -> Option<Vec<Segment>> {
        let kept = Kept::new(self.bench.recordings());
        let recordings = (self.failure == Failure::Race).then_some(kept.folder.as_path());
        let how = How { with_trace: true, recordings, ..How::default() };
        let ran = self.bench.run(&self.subject, &self.plan(followed, true), how).ok()?;
        let fails = match self.raced.filter(|_| self.failure == Failure::Race) {
            Some(raced) => !raced.of(&kept.folder, &kept.read()).is_disjoint(&self.races),
            None => Failure::of(&ran, 0).is_some_and(|failure| is_same(failure, self.failure)),
        };
        fails.then(|| segments(&ran.outcome.map(|outcome| outcome.trace).unwrap_or_default()))
    }

    /// Runs it once more with a report, and keeps it; in the form for people it is shown at once.
    pub(super) fn tell(
        &self,
        context: &Context,
        (folder, name): (&Path, &str),
        format: Format,
    ) -> Result<Option<Shown>, CliError> {
        let cannot =
            |error| CliError::Start { program: self.subject.name.clone(), error, suggestion: "" };
        if !self.is_certain {
            let what = if self.subject.is_test { "test" } else { "program" };
            let text = format!(
                "{what} {} failed once ({}) and not again when the same was tried: something beyond the synchronisation of its threads \
                 differs.",
                escape::name(&self.subject.name),
                self.failure.words()
            );
            match format {
                Format::Human => context.print(&format!("{text}\n\n")),
                _ => context.progress(&text),
            }
            return Ok(None);
        }
        let how = How { recordings: Some(folder), with_trace: true, keeps_output: true };
        let ran = self
            .bench
            .run(&self.subject, &self.plan(&self.segments, false), how)
            .map_err(cannot)?;
        let Some(outcome) = &ran.outcome else { return Ok(None) };
        let failure = Failure::of(&ran, 0).unwrap_or(self.failure);
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
        let sources = context.sources(&[]);
        let recordings = read(folder);
        let known = (&sources, recordings.as_slice());
        let shown = Shown::new(&self.subject, failure, (&ran, outcome), known);
        let shown = Shown { file: Some(path), ..shown };
        show(context, &shown, format);
        Ok(Some(shown))
    }
}

/// Two forms of one deadlock are the same: which is seen first depends on who looks.
fn is_same(one: Failure, other: Failure) -> bool {
    let is_deadlock = |failure| matches!(failure, Failure::Deadlock | Failure::Stuck);
    one == other || is_deadlock(one) && is_deadlock(other)
}

/// Shows a run that has failed. In other forms than that for people it is part of the report.
pub(super) fn show(context: &Context, shown: &Shown, format: Format) {
    if format != Format::Human {
        context.progress(&shown.title());
        return;
    }
    let again = shown.again().map(|again| format!("Run it again: {again}\n\n"));
    let (title, body) = (shown.title(), shown.body());
    context.print(&format!("\x1b[1m{title}\x1b[0m\n\n{body}\n{}", again.unwrap_or_default()));
}

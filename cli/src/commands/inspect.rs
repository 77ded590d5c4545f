//! Reads recordings, analyses and prints them, and decides on the exit code: what `run`, `exec`, `check` and
//! `report` share.

use super::Context;
use crate::args::{Output, PrintArgs};
use crate::error::CliError;
use crate::exit::{Exit, Verdict};
use crate::live::{self, Live};
use crate::output::{self, Program, Repository, View};
use crate::policy::{Judged, Policy, Suppressed};
use crate::postmortem;
use crate::recordings::Recordings;
use crate::source::Sources;
use crate::symbols::Symbols;
use std::path::{Path, PathBuf};
use syncscope_detector::{Analysis, DeclaredOrder, Level, Options, analyze};
use syncscope_recording::model::ExitState;
use syncscope_recording::{Events, Recording};

/// What to inspect.
#[derive(Debug)]
pub(super) struct Inspection<'a> {
    pub(super) command: &'static str,
    pub(super) files: Vec<PathBuf>,
    pub(super) orders: Vec<DeclaredOrder>,
    pub(super) policy: Policy,
    pub(super) print: PrintArgs,
    pub(super) program: Option<&'a Program>,
    pub(super) last_events: Option<usize>,
}

/// Recordings with what is to be said of them.
#[derive(Debug)]
pub(super) struct Examined {
    pub(super) recordings: Recordings,
    pub(super) sources: Sources,
    /// With the findings as the policy left them.
    pub(super) analysis: Analysis,
    /// Without them.
    pub(super) judged: Judged,
    /// Nothing that could have been wrong was seen.
    pub(super) nothing_checked: bool,
}

impl Examined {
    /// Reads, analyses and judges.
    pub(super) fn new(
        context: &Context,
        files: &[PathBuf],
        orders: Vec<DeclaredOrder>,
        refuted: bool,
        policy: &Policy,
    ) -> Self {
        Self::of(context, Recordings::read(files), orders, refuted, policy)
    }

    /// Analyses and judges what was read.
    fn of(
        context: &Context,
        recordings: Recordings,
        orders: Vec<DeclaredOrder>,
        refuted: bool,
        policy: &Policy,
    ) -> Self {
        let places = [context.folder.clone(), context.root().to_owned()];
        let sources = Sources::of_recordings(&recordings.readable, &places);
        let options = Options { refuted, orders };
        let mut analysis = analyze(&recordings.readable, &options, &sources);
        let nothing_checked = is_empty(&analysis, &recordings);
        let findings = std::mem::take(&mut analysis.findings);
        let mut judged = policy.judge(findings, &sources, !nothing_checked);
        analysis.findings = std::mem::take(&mut judged.findings);
        Self { recordings, sources, analysis, judged, nothing_checked }
    }
}

impl Inspection<'_> {
    /// Does it.
    ///
    /// # Errors
    ///
    /// When a file cannot be written that the report was to go to.
    pub(super) fn perform(self, context: &Context) -> Result<Exit, CliError> {
        let refuted = self.print.refuted;
        let recordings = Recordings::read_with(&self.files, shown(self.last_events));
        let Examined { recordings, sources, mut analysis, judged, nothing_checked } =
            Examined::of(context, recordings, self.orders, refuted, &self.policy);
        let levels = analysis.findings.iter().map(|finding| finding.level);
        let mut levels = levels.chain(judged.remarks.iter().map(|remark| remark.level));
        let verdict = Verdict {
            denied: levels.any(|level| level == Level::Deny),
            unreadable: !recordings.unreadable.is_empty(),
            nothing_checked,
            program: self.program.map(|program| program.ended.shell_code()),
        };
        let exit = verdict.exit();
        // Only who wants to see the state of processes looks whether they run.
        let live: Vec<Option<Live>> = match self.last_events {
            Some(_) => recordings.readable.iter().map(running).collect(),
            None => Vec::new(),
        };
        if self.print.judge.allowed {
            analysis.findings.extend(judged.suppressed.iter().map(Suppressed::shown));
        }
        // After the judgement: what findings are known by does not depend on symbols.
        let symbols = Symbols::new(self.print.symbols.clone());
        symbols.place(&mut analysis, &recordings.readable);
        let repository = Repository::around(context.root());
        let view = View {
            command: self.command,
            recordings: &recordings,
            analysis: &analysis,
            judged: &judged,
            sources: &sources,
            symbols: &symbols,
            full: self.print.full,
            repository: &repository,
            program: self.program,
            exit,
            nothing_checked,
            last_events: self.last_events,
            live: &live,
            shows_suppressed: self.print.judge.allowed,
            quiet: context.global.quiet,
        };
        context.print(&output::render(self.print.format, &view));
        for output in &self.print.output {
            write(output, &view)?;
        }
        Ok(exit)
    }
}

/// The events that are looked at to show this many.
fn shown(last_events: Option<usize>) -> Events {
    last_events.map_or(Events::None, |count| Events::Last(postmortem::events_for(count)))
}

/// Writes the report to a file, without colours. The folders above it are made.
fn write(output: &Output, view: &View<'_>) -> Result<(), CliError> {
    let text = output::render(output.format, view);
    let text = anstream::adapter::strip_str(&text).to_string();
    let folder = output.file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let made = folder.map_or(Ok(()), std::fs::create_dir_all);
    made.and_then(|()| std::fs::write(&output.file, text)).map_err(|error| CliError::Folder {
        action: "write",
        path: output.file.clone(),
        error,
    })
}

/// The process of a recording that has no end, if it runs.
fn running(recording: &Recording) -> Option<Live> {
    let process = &recording.process;
    let may_run = process.exit == ExitState::Running;
    may_run.then(|| live::of(process.pid, Path::new(&recording.source))).flatten()
}

/// Whether nothing that could have been wrong was seen.
fn is_empty(analysis: &Analysis, recordings: &Recordings) -> bool {
    let used = recordings.readable.iter().any(|r| r.totals.locks > 0 || !r.deadlocks.is_empty());
    analysis.findings.is_empty() && analysis.coverage.locks == 0 && !used
}

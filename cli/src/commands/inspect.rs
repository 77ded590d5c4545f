//! Reads recordings, analyses and prints them, and decides on the exit code: what `run`, `exec`, `check` and
//! `report` share.

use super::Context;
use crate::args::{Output, PrintArgs};
use crate::error::CliError;
use crate::exit::{Exit, Verdict};
use crate::live::{self, Live};
use crate::output::{self, Program, Repository, View};
use crate::recordings::Recordings;
use crate::source::Sources;
use std::path::{Path, PathBuf};
use syncscope_detector::{Analysis, DeclaredOrder, Level, Options, analyze};
use syncscope_recording::Recording;
use syncscope_recording::model::ExitState;

/// What to inspect.
#[derive(Debug)]
pub(super) struct Inspection<'a> {
    pub(super) command: &'static str,
    pub(super) files: Vec<PathBuf>,
    pub(super) orders: Vec<DeclaredOrder>,
    pub(super) print: PrintArgs,
    pub(super) program: Option<&'a Program>,
    pub(super) last_events: Option<usize>,
}

impl Inspection<'_> {
    /// Does it.
    ///
    /// # Errors
    ///
    /// When a file cannot be written that the report was to go to.
    pub(super) fn perform(self, context: &Context) -> Result<Exit, CliError> {
        let recordings = Recordings::read(&self.files);
        let mut places = vec![context.folder.clone()];
        places.extend(context.project().map(|project| project.workspace_root.clone()));
        let sources = Sources::of_recordings(&recordings.readable, &places);
        let options = Options { refuted: self.print.refuted, orders: self.orders };
        let analysis = analyze(&recordings.readable, &options, &sources);
        let nothing_checked = is_empty(&analysis, &recordings);
        let verdict = Verdict {
            denied: analysis.findings.iter().any(|finding| finding.level == Level::Deny),
            unreadable: !recordings.unreadable.is_empty(),
            nothing_checked,
            program: self.program.map(|program| program.ended.shell_code()),
        };
        let exit = verdict.exit();
        let workspace =
            context.project().map_or(&context.folder, |project| &project.workspace_root);
        let repository = Repository::around(workspace);
        // Only who wants to see the state of processes looks whether they run.
        let live: Vec<Option<Live>> = match self.last_events {
            Some(_) => recordings.readable.iter().map(running).collect(),
            None => Vec::new(),
        };
        let view = View {
            command: self.command,
            recordings: &recordings,
            analysis: &analysis,
            sources: &sources,
            repository: &repository,
            program: self.program,
            exit,
            nothing_checked,
            last_events: self.last_events,
            live: &live,
            quiet: context.global.quiet,
        };
        context.print(&output::render(self.print.format, &view));
        for output in &self.print.output {
            write(output, &view)?;
        }
        Ok(exit)
    }
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

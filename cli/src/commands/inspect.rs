//! Reads recordings, analyses and prints them, and decides on the exit code: what `run`, `exec`, `check` and
//! `report` share.

use super::Context;
use crate::args::{Frames, Output, PrintArgs, Profile};
use crate::callers;
use crate::coverage::Extent;
use crate::debugger::Stacks;
use crate::error::CliError;
use crate::exit::{Exit, Verdict};
use crate::explore::{Confirmation, Shown};
use crate::files::FileError;
use crate::live::{self, Live};
use crate::naming::name_locks;
use crate::output::{self, Format, Program, Rendered, Repository, View};
use crate::policy::{self, Evidence, Incomplete, Judged, Policy, Suppressed};
use crate::postmortem;
use crate::recordings::{Keep, Recordings};
use crate::source::Sources;
use crate::swap::doctest;
use crate::symbols::Symbols;
use crate::terminal::{self, Looks, Progress};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use syncscope_detector::contention::{Contention, contention};
use syncscope_detector::{Analysis, DeclaredOrder, Finding, Grade, Level, Options, analyze};
use syncscope_recording::Recording;
use syncscope_recording::model::ExitState;

/// What to inspect.
#[derive(Debug)]
pub(super) struct Inspection<'a> {
    pub(super) command: &'static str,
    pub(super) files: Vec<PathBuf>,
    pub(super) orders: Vec<DeclaredOrder>,
    pub(super) policy: Policy,
    pub(super) print: PrintArgs,
    pub(super) program: Option<&'a Program>,
    /// Schedules that fail.
    pub(super) schedules: Vec<Shown>,
    /// The code to end with, where the findings do not decide on it.
    pub(super) decided: Option<Exit>,
    pub(super) last_events: Option<usize>,
    /// By process: whether it has answered when it was asked for the stacks of its waits.
    pub(super) answered: BTreeMap<u32, bool>,
    /// By process: where its threads are, by a debugger.
    pub(super) stacks: BTreeMap<u32, Stacks>,
    /// Show what was measured of locks.
    pub(super) locks: bool,
    pub(super) profiles: Vec<Profile>,
    /// The looks before this one, where there are several.
    pub(super) looks: Option<&'a RefCell<Looks>>,
}

/// Recordings with what is to be said of them.
#[derive(Debug)]
pub(super) struct Examined {
    pub(super) recordings: Recordings,
    pub(super) sources: Sources,
    pub(super) symbols: Symbols,
    /// With the findings as the policy left them.
    pub(super) analysis: Analysis,
    /// Order cycles that cannot happen, as far as they were asked for and are not among the findings.
    pub(super) refuted: Vec<Finding>,
    /// Without them.
    pub(super) judged: Judged,
    /// Nothing that could have been wrong was seen.
    pub(super) nothing_checked: bool,
}

/// What is done with order cycles that cannot happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refuted {
    /// They are not told.
    No,
    /// They are findings.
    Judged,
    /// They are kept beside the findings.
    Beside,
}

impl Refuted {
    /// As the option says.
    pub(super) const fn asked(judged: bool) -> Self {
        if judged { Self::Judged } else { Self::No }
    }
}

impl Examined {
    /// Reads, analyses and judges.
    pub(super) fn new(
        context: &Context,
        (files, keep): (&[PathBuf], Keep),
        (orders, asked): (Vec<DeclaredOrder>, Refuted),
        symbols: &[PathBuf],
        policy: &Policy,
    ) -> Self {
        let mut recordings = read(context, files, keep, |_| {});
        let sources = context.sources(&recordings.readable);
        let symbols = Symbols::new(symbol_places(context, symbols));
        name_locks(&mut recordings.readable, &sources, &symbols);
        let mut options = Options { refuted: asked != Refuted::No, orders };
        let mut analysis = analyze(&recordings.readable, &options, &sources);
        let is_beside = |one: &Finding| asked == Refuted::Beside && one.grade == Grade::Refuted;
        let (refuted, findings) =
            std::mem::take(&mut analysis.findings).into_iter().partition(is_beside);
        analysis.findings = findings;
        options.refuted = asked == Refuted::Judged;
        let nothing_checked = is_empty(&analysis, &recordings);
        let findings = std::mem::take(&mut analysis.findings);
        let evidence = Evidence::new(&sources, &recordings.readable, Some(&symbols), options);
        let mut judged =
            policy.judge(findings, &analysis.unused_names, &evidence, !nothing_checked);
        analysis.findings = std::mem::take(&mut judged.findings);
        drop(evidence);
        Self { recordings, sources, symbols, analysis, refuted, judged, nothing_checked }
    }
}

impl Inspection<'_> {
    /// Of files alone.
    pub(super) fn of_files(
        command: &'static str,
        (files, orders): (Vec<PathBuf>, Vec<DeclaredOrder>),
        policy: Policy,
        print: PrintArgs,
    ) -> Self {
        Self {
            command,
            files,
            orders,
            policy,
            print,
            program: None,
            schedules: Vec::new(),
            decided: None,
            last_events: None,
            answered: BTreeMap::new(),
            stacks: BTreeMap::new(),
            locks: false,
            profiles: Vec::new(),
            looks: None,
        }
    }

    /// Does it.
    ///
    /// # Errors
    ///
    /// When a file cannot be written that the report was to go to.
    pub(super) fn perform(self, context: &Context) -> Result<Exit, CliError> {
        // Only the state of processes is told from events, and timelines.
        let of_forms = self.print.formats().map(|form| form.events().unwrap_or(usize::MAX)).max();
        let of_end = self.last_events.map_or(0, postmortem::events_for);
        let keep = match of_forms.unwrap_or(0).max(of_end) {
            0 => Keep::Findings,
            events => Keep::Last(events),
        };
        let refuted = match Refuted::asked(self.print.refuted) {
            Refuted::No if self.print.formats().any(Format::shows_refuted) => Refuted::Beside,
            asked => asked,
        };
        let how = (self.orders.clone(), refuted);
        let Examined {
            recordings,
            sources,
            symbols,
            mut analysis,
            refuted,
            judged,
            nothing_checked,
        } = Examined::new(context, (&self.files, keep), how, &self.print.symbols, &self.policy);
        let lost = policy::lost(&recordings);
        let lost_is_denied = !lost.is_empty() && self.policy.incomplete == Incomplete::Deny;
        let levels = analysis.findings.iter().map(|finding| finding.level);
        let mut levels = levels.chain(judged.remarks.iter().map(|remark| remark.level));
        let verdict = Verdict {
            denied: lost_is_denied
                || !self.schedules.is_empty()
                || levels.any(|level| level == Level::Deny),
            unreadable: !recordings.unreadable.is_empty(),
            nothing_checked,
            program: self.program.map(|program| program.ended.shell_code()),
        };
        let exit = self.decided.unwrap_or_else(|| verdict.exit());
        // Only who wants to see the state of processes looks whether they run.
        let live: Vec<Option<Live>> = match self.last_events {
            Some(_) => recordings.readable.iter().map(|one| self.running(one)).collect(),
            None => Vec::new(),
        };
        if self.print.judge.allowed {
            analysis.findings.extend(judged.suppressed.iter().map(Suppressed::shown));
        }
        // After the judgement: what findings are known by does not depend on symbols, as long as there are sources.
        callers::complete(&mut analysis, &recordings.readable, &symbols, &sources);
        let swapped = self.program.is_some_and(|program| program.swapped);
        let extent = Extent::of(&recordings, &sources, context.project(), swapped);
        let repository = Repository::around(context.root());
        let confirmations = confirmations(context, &analysis.findings);
        let measured = self.locks || !self.profiles.is_empty();
        let measured = measured.then(|| contention(&recordings.readable, &sources));
        let margin = if self.looks.is_some() { terminal::MARGIN } else { 0 };
        let view = View {
            command: self.command,
            recordings: &recordings,
            analysis: &analysis,
            refuted: &refuted,
            extent: &extent,
            judged: &judged,
            lost: &lost,
            lost_is_denied,
            sources: &sources,
            symbols: &symbols,
            full: self.print.full,
            all_frames: self.print.frames == Frames::All,
            columns: if self.print.full { usize::MAX } else { terminal::columns() - margin },
            repository: &repository,
            program: self.program,
            schedules: &self.schedules,
            confirmations: &confirmations,
            exit,
            nothing_checked,
            last_events: self.last_events,
            contention: measured.as_ref().filter(|_| self.locks),
            live: &live,
            shows_suppressed: self.print.judge.allowed,
            quiet: context.global.quiet,
        };
        match output::render(self.print.format, &view) {
            Rendered::Text(text) => {
                let Some(text) = self.look(text) else { return Ok(exit) };
                if self.looks.is_some() {
                    context.clear();
                }
                match self.print.format {
                    Format::Human => context.print_linked(&text, sources.roots()),
                    _ => context.print(&text),
                }
            }
            Rendered::Bytes(bytes) => context.print_bytes(&bytes),
        }
        for output in &self.print.output {
            write(output, &view)?;
        }
        for profile in &self.profiles {
            write_profile(profile, measured.as_ref().unwrap_or(&Contention::default()))?;
        }
        Ok(exit)
    }
}

impl Inspection<'_> {
    /// The process of a recording that has no end, if it runs.
    fn running(&self, recording: &Recording) -> Option<Live> {
        let process = &recording.process;
        let may_run = process.exit == ExitState::Running;
        let live =
            may_run.then(|| live::of(process.pid, Path::new(&recording.source))).flatten()?;
        let stacks = self.stacks.get(&process.pid).cloned().unwrap_or_default();
        let live = Live { stacks, ..live };
        Some(match self.answered.get(&process.pid) {
            Some(answered) => live.asked(process.pid, *answered),
            None => live,
        })
    }

    /// What is to be printed of a text: of several looks not the same again.
    fn look(&self, text: String) -> Option<String> {
        match self.looks {
            Some(looks) => looks.borrow_mut().next(&text, io::stdout().is_terminal()),
            None => Some(text),
        }
    }
}

/// What came of trying to make findings happen, by their ids.
pub(super) fn confirmations(
    context: &Context,
    findings: &[Finding],
) -> BTreeMap<String, Confirmation> {
    let runs = context.runs();
    let kept = findings.iter().filter_map(|finding| {
        let kept = Confirmation::read(&runs.confirmation(&finding.fingerprint))?;
        Some((finding.fingerprint.clone(), kept))
    });
    kept.collect()
}

/// Where to look for symbols: as was asked, then where programs are kept that are not at their place any more.
pub(super) fn symbol_places(context: &Context, asked: &[PathBuf]) -> Vec<PathBuf> {
    let kept = context.project().map(|project| doctest::folder(&project.target_directory));
    asked.iter().cloned().chain(kept.filter(|kept| kept.is_dir())).collect()
}

/// Reads recordings, and tells how far it is when that takes long.
pub(super) fn read(
    context: &Context,
    files: &[PathBuf],
    keep: Keep,
    look: impl FnMut(&Recording),
) -> Recordings {
    let mut progress = Progress::on_stderr("reading recordings", files.len(), context.global.quiet);
    Recordings::read(files, keep, |done| progress.at(done), look)
}

/// Writes the report to a file, without colours. The folders above it are made.
fn write(output: &Output, view: &View<'_>) -> Result<(), CliError> {
    let bytes = match output::render(output.format, view) {
        Rendered::Text(text) => anstream::adapter::strip_str(&text).to_string().into_bytes(),
        Rendered::Bytes(bytes) => bytes,
    };
    Ok(write_file(&output.file, || Ok(bytes))?)
}

/// Writes a profile to a file. The folders above it are made.
fn write_profile(profile: &Profile, contention: &Contention) -> Result<(), CliError> {
    Ok(write_file(&profile.file, || output::render_profile(profile.format, contention))?)
}

fn write_file(path: &Path, bytes: impl FnOnce() -> io::Result<Vec<u8>>) -> Result<(), FileError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let written = bytes().and_then(|bytes| {
        folder.map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(path, bytes)
    });
    written.map_err(|error| FileError { action: "write", path: path.to_owned(), error })
}

/// Whether nothing that could have been wrong was seen.
pub(super) fn is_empty(analysis: &Analysis, recordings: &Recordings) -> bool {
    let used = recordings
        .readable
        .iter()
        .any(|r| r.totals.locks > 0 || !r.deadlocks.is_empty() || r.accesses_checked);
    analysis.findings.is_empty() && analysis.coverage.locks == 0 && !used
}

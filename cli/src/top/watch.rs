//! Looks at a recording again and again, and makes a model of each look.
//!
//! A look reads the state: threads, what they hold and wait for, what was measured, what the runtime has observed. The nestings, which are most of a large
//! recording, are read, named and judged only when something was recorded since, and so rarely that it takes little of a processor.

use super::model::{Model, Seen};
use super::pace::{Rarely, own_time};
use super::questions::Questions;
use crate::callers;
use crate::live;
use crate::naming::{Names, Recorded, name_locks};
use crate::policy::{Evidence, Policy};
use crate::postmortem::{self, Look};
use crate::recordings::{Keep, Recordings};
use crate::source::Sources;
use crate::symbols::Symbols;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;
use syncscope_detector::contention::contention;
use syncscope_detector::{DeclaredOrder, Finding, Options, analyze};
use syncscope_recording::model::ExitState;
use syncscope_recording::{Follower, Recording};

/// Finds the sources of recordings.
pub type FindSources<'a> = Box<dyn Fn(&[Recording]) -> Sources + 'a>;

/// What is watched, and what it is judged by.
pub struct Watch<'a> {
    file: PathBuf,
    find_sources: FindSources<'a>,
    judge: Judge,
    follower: Option<Follower>,
    /// What was found when all was read last.
    whole: Option<Whole>,
    rarely: Rarely,
    /// What the runtime has observed since then.
    observed: Vec<Finding>,
    /// Bytes of the log when that was judged.
    log: u64,
    /// By fingerprint: when a finding was seen first.
    since: BTreeMap<String, f64>,
    questions: Questions,
}

/// What findings are made with.
#[derive(Debug)]
pub struct Judge {
    /// Where symbols are looked for.
    pub symbols: Symbols,
    /// What of the findings counts.
    pub policy: Policy,
    /// Declared orders.
    pub orders: Vec<DeclaredOrder>,
}

/// What was found when all was read.
#[derive(Debug)]
struct Whole {
    sources: Sources,
    names: Option<Names>,
    findings: Vec<Finding>,
    /// How much was recorded by then.
    acquisitions: u64,
}

impl std::fmt::Debug for Watch<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch").field("file", &self.file).finish_non_exhaustive()
    }
}

impl<'a> Watch<'a> {
    /// Of the process that writes a recording.
    #[must_use]
    pub fn new(file: PathBuf, find_sources: FindSources<'a>, judge: Judge) -> Self {
        Self {
            file,
            find_sources,
            judge,
            follower: None,
            whole: None,
            rarely: Rarely::default(),
            observed: Vec::new(),
            log: 0,
            since: BTreeMap::new(),
            questions: Questions::default(),
        }
    }

    /// For how long the last look has read and judged all there is, which has a pause of its own.
    pub(super) fn took_for_all(&mut self) -> Duration {
        self.rarely.taken()
    }

    /// One look.
    ///
    /// # Errors
    ///
    /// Why the recording cannot be read.
    pub fn look(&mut self) -> Result<Model, String> {
        let (mut state, log) = self.state()?;
        let runs = state.process.exit == ExitState::Running;
        let live = runs.then(|| live::of(state.process.pid, &self.file)).flatten();
        // The last look is at all there is.
        let is_new = self.whole.as_ref().is_none_or(|whole| {
            let has_grown = whole.acquisitions != state.totals.acquisitions || self.log != log;
            has_grown && (live.is_none() || self.rarely.is_due())
        });
        if is_new {
            let begun = own_time();
            self.whole = Some(self.read_all()?);
            self.rarely.took(own_time() - begun);
            self.observed.clear();
            self.log = log;
        }
        let Some(whole) = &self.whole else { return Err("nothing was read".to_owned()) };
        if let Some(names) = &whole.names {
            names.put(&mut state);
        }
        let mut states = [state];
        if self.log != log {
            self.observed = self.judge.findings(&states, &whole.sources);
            self.log = log;
        }
        let contention = contention(&states, &whole.sources);
        let [state] = &mut states;
        let live = live.map(|live| self.questions.look(state, live, &self.file));
        let look = Look { events: 0, symbols: &self.judge.symbols, live: live.as_ref() };
        let end = postmortem::end(state, look);
        let mut findings = whole.findings.clone();
        let is_known = |one: &&Finding| {
            !whole.findings.iter().any(|known| known.fingerprint == one.fingerprint)
        };
        findings.extend(self.observed.iter().filter(is_known).cloned());
        for finding in &findings {
            let now = end.until.unwrap_or(0.0);
            self.since.entry(finding.fingerprint.clone()).or_insert(now);
        }
        Ok(Model::new(&Seen {
            recording: state,
            end: &end,
            contention: &contention,
            findings: &findings,
            since: &self.since,
        }))
    }

    /// The state of now, and how many bytes of log records there are.
    fn state(&mut self) -> Result<(Recording, u64), String> {
        let follower = match self.follower.take() {
            Some(follower) => follower,
            None => Follower::open(&self.file).map_err(|error| error.to_string())?,
        };
        let follower = self.follower.insert(follower);
        let state = follower.state().map_err(|error| error.to_string())?;
        Ok((state, follower.log_bytes()))
    }

    /// Reads, names and judges all there is.
    fn read_all(&mut self) -> Result<Whole, String> {
        // Chunks that were given back and taken again for something else are found, too.
        self.follower = None;
        let files = [self.file.clone()];
        let mut recordings = Recordings::read(&files, Keep::Findings, |_| {}, |_| {});
        if let Some(unreadable) = recordings.unreadable.pop() {
            return Err(unreadable.message);
        }
        let all = &mut recordings.readable;
        let sources = (self.find_sources)(all);
        let recorded = all.first().map(Recorded::of);
        name_locks(all, &sources, &self.judge.symbols);
        let names = all.first().zip(recorded).map(|(named, before)| Names::of(named, &before));
        let acquisitions = all.first().map_or(0, |recording| recording.totals.acquisitions);
        let findings = self.judge.findings(all, &sources);
        Ok(Whole { sources, names, findings, acquisitions })
    }
}

impl Judge {
    fn findings(&self, recordings: &[Recording], sources: &Sources) -> Vec<Finding> {
        let options = Options { refuted: false, orders: self.orders.clone() };
        let mut analysis = analyze(recordings, &options, sources);
        let findings = std::mem::take(&mut analysis.findings);
        let evidence = Evidence::new(sources, recordings, Some(&self.symbols), options);
        let judged = self.policy.judge(findings, &analysis.unused_names, &evidence, false);
        analysis.findings = judged.findings;
        callers::complete(&mut analysis, recordings, &self.symbols, sources);
        analysis.findings
    }
}

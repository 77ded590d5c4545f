//! Looks at a recording again and again, and makes a model of each look.

use super::model::{Model, Seen};
use crate::callers;
use crate::live;
use crate::naming::name_locks;
use crate::policy::{Evidence, Policy};
use crate::postmortem::{self, Look};
use crate::recordings::{Keep, Recordings};
use crate::source::Sources;
use crate::symbols::Symbols;
use std::collections::BTreeMap;
use std::path::PathBuf;
use syncscope_detector::contention::contention;
use syncscope_detector::{DeclaredOrder, Options, analyze};
use syncscope_recording::Recording;
use syncscope_recording::model::ExitState;

/// Finds the sources of recordings.
pub type FindSources<'a> = Box<dyn Fn(&[Recording]) -> Sources + 'a>;

/// What is watched, and what it is judged by.
pub struct Watch<'a> {
    /// The recording.
    pub file: PathBuf,
    /// Where the sources of it are found.
    pub sources: FindSources<'a>,
    /// Where symbols are looked for.
    pub symbols: Symbols,
    /// What of the findings counts.
    pub policy: Policy,
    /// Declared orders.
    pub orders: Vec<DeclaredOrder>,
    /// By fingerprint: when a finding was seen first.
    pub since: BTreeMap<String, f64>,
}

impl std::fmt::Debug for Watch<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch").field("file", &self.file).finish_non_exhaustive()
    }
}

impl Watch<'_> {
    /// One look.
    ///
    /// # Errors
    ///
    /// Why the recording cannot be read.
    pub fn look(&mut self) -> Result<Model, String> {
        let files = [self.file.clone()];
        let mut recordings = Recordings::read(&files, Keep::Findings, |_| {}, |_| {});
        if let Some(unreadable) = recordings.unreadable.pop() {
            return Err(unreadable.message);
        }
        let sources = (self.sources)(&recordings.readable);
        name_locks(&mut recordings.readable, &sources, &self.symbols);
        let options = Options { refuted: false, orders: self.orders.clone() };
        let mut analysis = analyze(&recordings.readable, &options, &sources);
        let findings = std::mem::take(&mut analysis.findings);
        let evidence = Evidence::new(&sources, &recordings.readable, Some(&self.symbols), options);
        let judged = self.policy.judge(findings, &analysis.unused_names, &evidence, false);
        analysis.findings = judged.findings;
        drop(evidence);
        callers::complete(&mut analysis, &recordings.readable, &self.symbols, &sources);
        let contention = contention(&recordings.readable, &sources);
        let Some(recording) = recordings.readable.first() else {
            return Err("it holds no recording of a process".to_owned());
        };
        let runs = recording.process.exit == ExitState::Running;
        let live = runs.then(|| live::of(recording.process.pid, &self.file)).flatten();
        let look = Look { events: 0, symbols: &self.symbols, live: live.as_ref() };
        let end = postmortem::end(recording, look);
        for finding in &analysis.findings {
            let now = end.until.unwrap_or(0.0);
            self.since.entry(finding.fingerprint.clone()).or_insert(now);
        }
        Ok(Model::new(&Seen {
            recording,
            end: &end,
            contention: &contention,
            findings: &analysis.findings,
            since: &self.since,
        }))
    }
}

//! What the detector finds in the calling test's part of the recording.

use super::own::{self, Nothing, Own};
use super::thing::Thing;
use std::collections::BTreeSet;
use syncscope_detector::finding::{LockInfo, Place};
use syncscope_detector::{Finding, Level, Options, PlainSites};
use syncscope_recording::Recording;
use syncscope_recording::model::{Class, ClassId};

/// What was found, by everything that a report would show unasked.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) findings: Vec<Finding>,
    /// Nestings, threads or records that were lost in the process: "nothing was found" would say too much.
    pub(crate) lost: u64,
    recording: Recording,
}

/// Judges what the calling test has done so far.
///
/// Cost: reads the recording of the process, and analyses the test's part of it.
#[cold]
pub(crate) fn findings() -> Result<Found, Nothing> {
    let (runtime, caller) = own::caller(|local| local.runtime)?;
    let recording = Own::read(runtime, caller)?.cut();
    let recordings = [recording];
    let analysis = syncscope_detector::analyze(&recordings, &Options::default(), &PlainSites);
    let [recording] = recordings;
    let mut findings = analysis.findings;
    findings.retain(|finding| finding.level != Level::Allow);
    let lost = &recording.lost;
    let lost = [lost.nodes, lost.threads, lost.chunks, lost.records].iter().sum();
    Ok(Found { findings, lost, recording })
}

impl Found {
    /// Whether there is a finding of a rule that speaks of all these things.
    pub(crate) fn has(&self, rule: &str, things: &[Thing<'_>]) -> bool {
        self.findings.iter().any(|finding| {
            finding.rule.name() == rule && things.iter().all(|thing| self.concerns(finding, *thing))
        })
    }

    /// Whether a finding speaks of a thing: one finding stands for all instances of its classes.
    fn concerns(&self, finding: &Finding, thing: Thing<'_>) -> bool {
        let classes = thing.classes(&self.recording);
        let is_it = |lock: &LockInfo| match thing {
            Thing::Name(name) => lock.name.as_deref() == Some(name),
            Thing::Object(meta) => {
                let number = meta.number();
                number != 0 && lock.instance == number
                    || classes.iter().any(|class| self.is_of(lock, *class))
            }
        };
        finding.locks.iter().any(is_it)
    }

    fn is_of(&self, lock: &LockInfo, class: ClassId) -> bool {
        let Some(class) = self.recording.class(class) else { return false };
        let site = |class: &Class| {
            self.recording.site(class.site).map(|s| (s.file.as_str(), s.line, s.column))
        };
        let created = &lock.created;
        site(class) == Some((created.file.as_str(), created.line, created.column))
            && lock.kind == class.primitive.name()
            && lock.type_name == class.type_name
            && lock.name == class.name
    }
}

/// Rule, grade and message of a finding.
pub(crate) fn words(finding: &Finding) -> (&'static str, &'static str, &str) {
    (finding.rule.name(), finding.grade.name(), &finding.message)
}

/// The places of a finding, each once.
pub(crate) fn places(finding: &Finding) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let places = finding.steps.iter().map(|step| &step.place);
    places.filter(|place| place.line != 0 && seen.insert(*place)).map(shown).collect()
}

fn shown(place: &Place) -> String {
    format!("{}:{}:{}", place.file, place.line, place.column)
}

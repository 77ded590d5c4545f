//! What findings are known by beside their fingerprints.

use crate::source::Sources;
use crate::symbols::Symbols;
use std::cell::OnceCell;
use syncscope_detector::finding::{Finding, Place, Step};
use syncscope_detector::{Options, SiteKeys, analyze};
use syncscope_recording::Recording;

/// Where findings come from.
#[derive(Debug)]
pub struct Evidence<'a> {
    /// Their source text.
    pub sources: &'a Sources,
    recordings: &'a [Recording],
    /// Not there where nobody needs them.
    symbols: Option<&'a Symbols>,
    options: Options,
    former: OnceCell<Vec<Finding>>,
}

/// Sources with the keys that earlier versions made of them.
struct Former<'a>(&'a Sources);

impl SiteKeys for Former<'_> {
    fn key(&self, file: &str, line: u32, column: u32) -> String {
        self.0.former_key(file, line, column)
    }
}

impl<'a> Evidence<'a> {
    /// Of findings that were made of recordings with these options.
    #[must_use]
    pub fn new(
        sources: &'a Sources,
        recordings: &'a [Recording],
        symbols: Option<&'a Symbols>,
        options: Options,
    ) -> Self {
        Self { sources, recordings, symbols, options, former: OnceCell::new() }
    }

    /// The fingerprint that earlier versions gave a finding. Analyses all recordings once more, when it is first asked for.
    #[must_use]
    pub fn former(&self, finding: &Finding) -> Option<&str> {
        let all = self.former.get_or_init(|| {
            analyze(self.recordings, &self.options, &Former(self.sources)).findings
        });
        let alike = || all.iter().filter(|one| one.rule == finding.rule);
        let same =
            alike().find(|one| places(one) == places(finding) && locks(one) == locks(finding));
        let same = same.or_else(|| {
            // Another witness may have been chosen.
            let mut of_its_locks = alike().filter(|one| locks(one) == locks(finding));
            of_its_locks.next().filter(|_| of_its_locks.next().is_none())
        });
        same.map(|one| one.fingerprint.as_str())
    }

    /// The function of the program in which a thread of a finding was at last, by its stack. Closures belong to the function around them.
    pub(super) fn function(
        &self,
        finding: &Finding,
        thread: usize,
        stack: &[u64],
    ) -> Option<String> {
        let process = finding.threads.get(thread)?.process;
        let trace = self.symbols?.trace(self.recordings.get(process)?, stack);
        let function = trace.user()?.function.clone()?;
        Some(function.split("::{").next().unwrap_or_default().to_owned())
    }

    /// The functions of the program in which a step of a finding was made, innermost first, each with and without its closures' parts.
    pub(super) fn functions(&self, finding: &Finding, step: &Step) -> Vec<String> {
        let process = finding.threads.get(step.thread).map(|thread| thread.process);
        let recording = process.and_then(|process| self.recordings.get(process));
        let Some((symbols, recording)) = self.symbols.zip(recording) else { return Vec::new() };
        let trace = symbols.trace(recording, &step.stack);
        let functions = trace.user_frames().filter_map(|frame| frame.function.as_deref());
        let with_outer =
            functions.flat_map(|path| [path, path.split("::{").next().unwrap_or(path)]);
        with_outer.map(str::to_owned).collect()
    }
}

fn places(finding: &Finding) -> Vec<(&Place, &'static str)> {
    let places = finding.steps.iter().map(|step| (&step.place, step.kind.name()));
    let mut places: Vec<_> = places.collect();
    places.sort_unstable();
    places
}

fn locks(finding: &Finding) -> Vec<(&str, &str, &Place)> {
    let locks =
        finding.locks.iter().map(|lock| (lock.kind, lock.type_name.as_str(), &lock.created));
    let mut locks: Vec<_> = locks.collect();
    locks.sort_unstable();
    locks
}

//! What there is to be printed.

use super::Repository;
use crate::coverage::Extent;
use crate::exit::Exit;
use crate::explore::{Confirmation, Shown};
use crate::live::Live;
use crate::policy::Judged;
use crate::recordings::Recordings;
use crate::runs::Run;
use crate::source::Sources;
use crate::supervise::Ended;
use crate::symbols::Symbols;
use std::collections::BTreeMap;
use syncscope_detector::contention::Contention;
use syncscope_detector::{Analysis, Finding, Level};

/// Everything that an output may show.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The command, such as `check`.
    pub command: &'static str,
    /// What was read.
    pub recordings: &'a Recordings,
    /// What was found, as the policy left it.
    pub analysis: &'a Analysis,
    /// Order cycles that cannot happen as recorded, where they are not among the findings but a form has a use for them.
    pub refuted: &'a [Finding],
    /// What was covered, and what was not.
    pub extent: &'a Extent,
    /// What was lost of what verdicts rest on.
    pub lost: &'a [String],
    /// Whether that fails.
    pub lost_is_denied: bool,
    /// What the policy took out or finds wrong with itself. Its findings are in `analysis`.
    pub judged: &'a Judged,
    /// Source text.
    pub sources: &'a Sources,
    /// Functions and lines of addresses.
    pub symbols: &'a Symbols,
    /// Show stacks in full.
    pub full: bool,
    /// Show frames of the runtime in the JSON report.
    pub all_frames: bool,
    /// Columns that lines are cut to.
    pub columns: usize,
    /// Where files lie in the repository.
    pub repository: &'a Repository,
    /// The supervised program.
    pub program: Option<&'a Program>,
    /// Schedules that fail.
    pub schedules: &'a [Shown],
    /// What came of trying to make findings happen, by their ids.
    pub confirmations: &'a BTreeMap<String, Confirmation>,
    /// How we will end.
    pub exit: Exit,
    /// There was nothing to check.
    pub nothing_checked: bool,
    /// Show the state of each process at its end, with this many events.
    pub last_events: Option<usize>,
    /// What was measured of locks, to be shown in place of that.
    pub contention: Option<&'a Contention>,
    /// By recording: the process, while it runs. Empty where nobody looked.
    pub live: &'a [Option<Live>],
    /// Findings that were taken out are in `analysis` all the same.
    pub shows_suppressed: bool,
    /// Show nothing but findings.
    pub quiet: bool,
}

/// A supervised program.
#[derive(Clone, Debug)]
pub struct Program {
    /// What was run, arguments included.
    pub command: Vec<String>,
    /// Its run.
    pub run: Run,
    /// How it ended.
    pub ended: Ended,
    /// Whether it was built against the recorded `std`.
    pub swapped: bool,
}

impl View<'_> {
    /// How many findings have a level.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        self.analysis.findings.iter().filter(|finding| finding.level == level).count()
    }

    /// The process of a recording, while it runs.
    #[must_use]
    pub fn live(&self, recording: usize) -> Option<&Live> {
        self.live.get(recording)?.as_ref()
    }

    /// Whether the supervised program was interrupted.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        self.program.is_some_and(|program| program.ended.was_interrupted())
    }

    /// Whether a signal has ended the supervised program, or somebody has interrupted it.
    #[must_use]
    pub fn is_cut_short(&self) -> bool {
        self.is_interrupted() || self.program.is_some_and(|program| program.ended.signal.is_some())
    }

    /// Whether something is at level `deny`.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        let remarks = &self.judged.remarks;
        !self.schedules.is_empty()
            || self.count(Level::Deny) > 0
            || remarks.iter().any(|remark| remark.level == Level::Deny)
    }

    /// Names for the locks of a finding, escaped.
    #[must_use]
    pub fn labels(&self, finding: &Finding) -> Vec<String> {
        crate::names::labels(finding)
    }
}

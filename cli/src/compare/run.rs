//! A run that is compared.

use super::waits::Waits;
use crate::source::Sources;
use syncscope_detector::Finding;
use syncscope_detector::contention::Contention;
use syncscope_recording::Recording;

/// One of the two runs.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// What was recorded.
    pub recordings: &'a [Recording],
    /// What was measured of its locks.
    pub contention: &'a Contention,
    /// How long its threads waited, as far as events tell.
    pub waits: &'a Waits,
    /// Its source text.
    pub sources: &'a Sources,
    /// What was found, as the policy left it.
    pub findings: &'a [Finding],
}

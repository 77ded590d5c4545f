//! What a model is made from.

use crate::postmortem::End;
use std::collections::BTreeMap;
use syncscope_detector::Finding;
use syncscope_detector::contention::Contention;
use syncscope_recording::Recording;

/// What is made into a model.
#[derive(Debug)]
pub struct Seen<'a> {
    /// With the names that the source gives to locks.
    pub recording: &'a Recording,
    /// The state of the process, now or at its end.
    pub end: &'a End,
    /// What was measured of its locks.
    pub contention: &'a Contention,
    /// As the policy left them.
    pub findings: &'a [Finding],
    /// By fingerprint: the second of the process's time in which a finding was seen first.
    pub since: &'a BTreeMap<String, f64>,
}

//! `unprotected-access`: accesses of a shared place that no lock protects from each other.

use super::{Input, Rule, Sink, raced};
use crate::finding::{Grade, Level, RuleId};
use syncscope_recording::model::RaceKind;

/// See the module.
#[derive(Debug)]
pub(crate) struct UnprotectedAccess;

impl Rule for UnprotectedAccess {
    fn id(&self) -> RuleId {
        RuleId::UnprotectedAccess
    }

    fn check(&self, input: &Input<'_>, sink: &mut Sink) {
        let is_ours = |kind| matches!(kind, RaceKind::Unprotected | RaceKind::Undeclared);
        raced::report(self.id(), (Grade::Possible, Level::Warn), is_ours, input, sink);
    }
}

//! `data-race`: accesses that nothing orders, seen in the run.

use super::{Input, Rule, Sink, raced};
use crate::finding::{Grade, Level, RuleId};
use syncscope_recording::model::RaceKind;

/// See the module.
#[derive(Debug)]
pub(crate) struct DataRace;

impl Rule for DataRace {
    fn id(&self) -> RuleId {
        RuleId::DataRace
    }

    fn check(&self, input: &Input<'_>, sink: &mut Sink) {
        let is_ours = |kind| kind == RaceKind::DataRace;
        raced::report(self.id(), (Grade::Observed, Level::Deny), is_ours, input, sink);
    }
}

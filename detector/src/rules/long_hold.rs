//! `long-hold`: a thread held a lock longer than is meant, seen in the run.

use super::{Input, Rule, Sink, overdue};
use crate::finding::RuleId;
use syncscope_recording::model::OverdueKind;

/// See the module.
#[derive(Debug)]
pub(crate) struct LongHold;

impl Rule for LongHold {
    fn id(&self) -> RuleId {
        RuleId::LongHold
    }

    fn check(&self, input: &Input<'_>, sink: &mut Sink) {
        overdue::report(self.id(), OverdueKind::Hold, input, sink);
    }
}

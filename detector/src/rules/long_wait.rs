//! `long-wait`: a thread waited longer for a lock than is meant, seen in the run.

use super::{Input, Rule, Sink, overdue};
use crate::finding::RuleId;
use syncscope_recording::model::OverdueKind;

/// See the module.
#[derive(Debug)]
pub(crate) struct LongWait;

impl Rule for LongWait {
    fn id(&self) -> RuleId {
        RuleId::LongWait
    }

    fn check(&self, input: &Input<'_>, sink: &mut Sink) {
        overdue::report(self.id(), OverdueKind::Wait, input, sink);
    }
}

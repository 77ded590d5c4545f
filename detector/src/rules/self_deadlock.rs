//! `self-deadlock`: a thread that waits for itself, seen in the run: a lock taken again, a read upgraded to a write,
//! an initialiser that needs its own result, a thread that joins itself.

use super::observed::{self, Sort};
use super::{Input, Rule, Sink};
use crate::finding::RuleId;

/// See the module.
#[derive(Debug)]
pub(crate) struct SelfDeadlockRule;

impl Rule for SelfDeadlockRule {
    fn id(&self) -> RuleId {
        RuleId::SelfDeadlock
    }

    fn check(&self, input: &Input<'_>, sink: &mut Sink) {
        observed::report(self.id(), Sort::Alone, input, sink);
    }
}

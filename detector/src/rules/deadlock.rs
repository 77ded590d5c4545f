//! `deadlock`: threads that wait for each other, seen in the run.

use super::observed::{self, Sort};
use super::{Input, Rule, Sink};
use crate::finding::RuleId;

/// See the module.
#[derive(Debug)]
pub(crate) struct DeadlockRule;

impl Rule for DeadlockRule {
    fn id(&self) -> RuleId {
        RuleId::Deadlock
    }

    fn check(&self, input: &Input<'_>, sink: &mut Sink) {
        observed::report(self.id(), Sort::Several, input, sink);
    }
}

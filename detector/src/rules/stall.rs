//! `stall`: nothing moves any more, though no cycle can be proved.

use super::observed::{self, Sort};
use super::{Input, Rule, Sink};
use crate::finding::RuleId;

/// See the module.
#[derive(Debug)]
pub(crate) struct Stall;

impl Rule for Stall {
    fn id(&self) -> RuleId {
        RuleId::Stall
    }

    fn check(&self, input: &Input<'_>, sink: &mut Sink) {
        observed::report(self.id(), Sort::Still, input, sink);
    }
}

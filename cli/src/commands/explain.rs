//! `explain RULE`: the page of a rule, offline.

use super::Context;
use crate::args::ExplainArgs;
use crate::error::CliError;
use crate::escape;
use crate::exit::Exit;
use crate::pages;
use crate::policy::OwnRule;
use crate::suggest::did_you_mean;
use syncscope_detector::rules;

pub(super) fn explain(context: &Context, args: &ExplainArgs) -> Result<Exit, CliError> {
    let mut known = rules().map(|rule| rule.id.name()).chain(OwnRule::ALL.map(|rule| rule.name));
    if let Some(rule) = known.find(|rule| *rule == args.rule) {
        context.print(pages::page(rule));
        return Ok(Exit::Clean);
    }
    let known = rules().map(|rule| rule.id.name()).chain(OwnRule::ALL.map(|rule| rule.name));
    let suggestion = did_you_mean(&args.rule, known);
    Err(CliError::UnknownRule { rule: escape::name(&args.rule), suggestion })
}

//! `explain RULE`: the page of a rule, offline.

use super::Context;
use crate::args::ExplainArgs;
use crate::error::CliError;
use crate::escape;
use crate::exit::Exit;
use crate::pages;
use crate::policy::UNUSED_ALLOW;
use crate::settings::did_you_mean;
use syncscope_detector::RuleId;

pub(super) fn explain(context: &Context, args: &ExplainArgs) -> Result<Exit, CliError> {
    let rules = RuleId::ALL.into_iter().map(RuleId::name).chain([UNUSED_ALLOW]);
    match RuleId::ALL.into_iter().find(|rule| rule.name() == args.rule) {
        Some(rule) => {
            context.print(pages::page(rule));
            Ok(Exit::Clean)
        }
        None if args.rule == UNUSED_ALLOW => {
            context.print(pages::UNUSED_ALLOW_PAGE);
            Ok(Exit::Clean)
        }
        None => Err(CliError::UnknownRule {
            rule: escape::name(&args.rule),
            suggestion: did_you_mean(&args.rule, rules),
        }),
    }
}

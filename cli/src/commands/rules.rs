//! `rules`: all of them, with their levels.

use super::Context;
use crate::exit::Exit;
use crate::pages;
use syncscope_detector::RuleId;

pub(super) fn rules(context: &Context) -> Exit {
    let widest = RuleId::ALL.into_iter().map(|rule| rule.name().len()).max().unwrap_or(0);
    let mut text = String::new();
    for rule in RuleId::ALL {
        let level = pages::levels(rule);
        text.push_str(&format!("{:widest$}  {level:24}  {}\n", rule.name(), pages::title(rule)));
    }
    text.push_str("\n`cargo syncscope explain RULE` tells more\n");
    context.print(&text);
    Exit::Clean
}

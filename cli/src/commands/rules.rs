//! `rules`: all of them, with their levels.

use super::Context;
use crate::exit::Exit;
use crate::policy::OwnRule;
use syncscope_detector::{Grade, Level, RuleMeta};

pub(super) fn rules(context: &Context) -> Exit {
    let widest = syncscope_detector::rules().map(|rule| rule.id.name().len()).max().unwrap_or(0);
    let mut text = String::new();
    for rule in syncscope_detector::rules() {
        let (name, level) = (rule.id.name(), levels(rule));
        text.push_str(&format!("{name:widest$}  {level:24}  {}\n", rule.summary));
    }
    for OwnRule { name, summary, level } in OwnRule::ALL {
        text.push_str(&format!("{name:widest$}  {:24}  {summary}\n", level.name()));
    }
    text.push_str("\n`cargo syncscope explain RULE` tells more\n");
    context.print(&text);
    Exit::Clean
}

/// The default level; refuted findings have the lowest, whatever the rule.
fn levels(rule: &RuleMeta) -> String {
    let level = rule.level.name();
    match rule.grades.contains(&Grade::Refuted) {
        true => format!("{level}; {} when refuted", Level::Allow.name()),
        false => level.to_owned(),
    }
}

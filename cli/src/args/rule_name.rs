//! Names of rules on the command line: shells complete them, and what is none is answered later, with what was meant.

use crate::policy::OwnRule;
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::error::Error;
use clap::{Arg, Command};
use std::ffi::OsStr;
use syncscope_detector::{Group, rules};

/// Takes any text.
#[derive(Clone, Debug)]
pub(super) struct RuleName {
    /// Whether the name of a group is one, too.
    pub(super) or_group: bool,
}

impl TypedValueParser for RuleName {
    type Value = String;

    fn parse_ref(&self, cmd: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<String, Error> {
        StringValueParser::new().parse_ref(cmd, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let rules = rules().map(|rule| PossibleValue::new(rule.id.name()).help(rule.summary));
        let own = OwnRule::ALL.into_iter();
        let own = own.map(|rule| PossibleValue::new(rule.name).help(rule.summary));
        let groups = Group::ALL.map(Group::name).into_iter().chain(["all"]);
        let groups = groups.map(PossibleValue::new);
        let groups = groups.filter(|_| self.or_group);
        Some(Box::new(rules.chain(own).chain(groups)))
    }
}

//! What tests ask of their own threads. Unlike other hooks, these run outside of one, and read the recording.

use crate::rt::machine::text::Clean;
use crate::rt::tested;

pub(crate) use crate::rt::tested::{Nested, Orders, Thing};

/// What the detector found in the calling test's part of the recording.
#[derive(Debug)]
pub(crate) struct Found(tested::Found);

/// A finding in words that are clean.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) rule: &'static str,
    pub(crate) grade: &'static str,
    pub(crate) message: String,
    pub(crate) places: Vec<String>,
}

/// A block whose nestings are counted; `None` where recording is switched off.
#[derive(Debug)]
pub(crate) struct Block(Option<tested::Block>);

impl Found {
    /// Judges what the calling test has done so far. `None` where recording is switched off; an error in words.
    pub(crate) fn judge() -> Result<Option<Self>, String> {
        unless_off(tested::findings()).map(|found| found.map(Self))
    }

    /// All findings.
    pub(crate) fn told(&self) -> Vec<Told> {
        let told = |finding| {
            let (rule, grade, message) = tested::words(finding);
            let places = tested::places(finding).iter().map(|place| clean(place)).collect();
            Told { rule, grade, message: clean(message), places }
        };
        self.0.findings.iter().map(told).collect()
    }

    /// Whether there is a finding of a rule that speaks of all these things.
    pub(crate) fn has(&self, rule: &str, things: &[Thing<'_>]) -> bool {
        self.0.has(rule, things)
    }

    /// What was lost in the process, of which all verdicts depend.
    pub(crate) fn lost(&self) -> u64 {
        self.0.lost
    }
}

impl Block {
    /// Begins.
    pub(crate) fn begin() -> Result<Self, String> {
        unless_off(tested::Block::begin()).map(Self)
    }

    /// Ends; `None` where recording is switched off.
    pub(crate) fn end(self, first: Thing<'_>, second: Thing<'_>) -> Result<Option<Orders>, String> {
        let Some(block) = self.0 else { return Ok(None) };
        let orders = unless_off(block.end(first, second))?;
        Ok(orders.map(|orders| Orders {
            kept: orders.kept.map(clean_nested),
            broken: orders.broken.map(clean_nested),
            ..orders
        }))
    }
}

/// Whether the detector has a rule of this name.
pub(crate) fn is_rule(name: &str) -> bool {
    syncscope_detector::RuleId::named(name).is_some()
}

fn unless_off<T>(result: Result<T, tested::Nothing>) -> Result<Option<T>, String> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(tested::Nothing::Off) => Ok(None),
        Err(tested::Nothing::Unreadable(why)) => Err(clean(&why)),
    }
}

fn clean_nested(nested: Nested) -> Nested {
    Nested { outer: clean(&nested.outer), inner: clean(&nested.inner) }
}

fn clean(text: &str) -> String {
    Clean(text).to_string()
}

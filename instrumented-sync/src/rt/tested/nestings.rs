//! What is nested in what while a block runs.

use super::mark;
use super::own::{self, Nothing, Own};
use super::thing::Thing;
use crate::rt::life::enter;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use syncscope_recording::model::{ChainNode, SiteId};

/// A block is about to run.
#[derive(Debug)]
pub(crate) struct Block {
    before: HashMap<u64, u64>,
    lost: u64,
}

/// How two locks were nested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Nested {
    /// Where the outer one was taken.
    pub(crate) outer: String,
    /// ... and then the inner one.
    pub(crate) inner: String,
}

/// What a block did with two locks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Orders {
    /// The first one was held when the second one was taken.
    pub(crate) kept: Option<Nested>,
    /// The other way, by a call that waits.
    pub(crate) broken: Option<Nested>,
    /// Nestings may be missing: they were lost meanwhile.
    pub(crate) is_incomplete: bool,
}

impl Block {
    /// Begins.
    pub(crate) fn begin() -> Result<Self, Nothing> {
        let (runtime, caller) = own::caller(mark::keep_apart)?;
        let own = Own::read(runtime, caller)?;
        let before = counts(&own).into_iter().map(|(key, count, _)| (key, count)).fold(
            HashMap::new(),
            |mut sums, (key, count)| {
                *sums.entry(key).or_insert(0) += count;
                sums
            },
        );
        Ok(Self { before, lost: lost(&own) })
    }

    /// Ends: what the calling test's threads did with the two meanwhile.
    ///
    /// Cost: reads the recording of the process; so does [`Self::begin`].
    pub(crate) fn end(mut self, first: Thing<'_>, second: Thing<'_>) -> Result<Orders, Nothing> {
        let (runtime, caller) = own::caller(mark::keep_apart)?;
        let own = Own::read(runtime, caller)?;
        let mut orders = Orders { is_incomplete: lost(&own) > self.lost, ..Orders::default() };
        for (key, count, node) in counts(&own) {
            // Several nodes of one key share what it was counted before.
            let before = self.before.entry(key).or_insert(0);
            let is_new = count > *before;
            *before = before.saturating_sub(count);
            if !is_new {
                continue;
            }
            if is(&own, node, second) {
                orders.kept = orders.kept.or_else(|| nested(&own, node, first));
            }
            // A call that does not wait for ever holds up nobody.
            if is(&own, node, first) && !node.access.is_try {
                orders.broken = orders.broken.or_else(|| nested(&own, node, second));
            }
        }
        Ok(orders)
    }
}

fn is(own: &Own, node: &ChainNode, thing: Thing<'_>) -> bool {
    thing.is(&own.recording, node.instance, node.class)
}

/// The nesting of a node in a thing, if it is nested in it.
fn nested(own: &Own, node: &ChainNode, outer: Thing<'_>) -> Option<Nested> {
    let all = &own.recording.nodes;
    let above = |node: &&ChainNode| node.parent.map(|parent| &all[parent.0 as usize]);
    let mut around = std::iter::successors(Some(node), above).skip(1);
    let found = around.find(|held| held.instance != node.instance && is(own, held, outer))?;
    Some(Nested { outer: site(own, found.site), inner: site(own, node.site) })
}

fn site(own: &Own, site: SiteId) -> String {
    own.recording.site(site).map_or_else(
        || "an unknown place".to_owned(),
        |site| format!("{}:{}:{}", site.file, site.line, site.column),
    )
}

/// The nestings of the test's threads: each with what it is known by, and how often it has come.
fn counts(own: &Own) -> Vec<(u64, u64, &ChainNode)> {
    let mut keys: Vec<u64> = Vec::with_capacity(own.recording.nodes.len());
    for node in &own.recording.nodes {
        let mut hasher = DefaultHasher::new();
        // A parent comes before its children.
        node.parent.map(|parent| keys[parent.0 as usize]).hash(&mut hasher);
        (node.thread, node.instance, node.site, node.access, node.first_segment).hash(&mut hasher);
        keys.push(hasher.finish());
    }
    let nodes = keys.into_iter().zip(&own.recording.nodes);
    nodes
        .filter(|(_, node)| node.thread.is_some_and(|thread| own.has(thread)))
        .map(|(key, node)| (key, node.count, node))
        .collect()
}

/// Nestings that were lost so far. The calling thread tells of its own only now and then.
fn lost(own: &Own) -> u64 {
    let mine = enter::enter(|local| local.kinds.lost.get()).unwrap_or(0);
    own.recording.lost.nodes + own.recording.lost.chunks + u64::from(mine)
}

//! The order graph as the service has seen it so far.

use std::collections::{HashMap, HashSet};
use std::time::Instant;
use syncscope_detector::graph::OrderGraph;

/// The graph so far.
#[derive(Debug, Default)]
pub(crate) struct Online {
    pub(crate) graph: OrderGraph,
    pub(crate) next: u32,
    /// There is a cycle that was not judged.
    pub(crate) cycle: bool,
    /// No judgement before.
    pub(crate) resting: Option<Instant>,
    pub(crate) told: HashSet<String>,
    /// The group bits of classes whose locks come in groups.
    pub(crate) group_bits: HashMap<u32, u32>,
    /// Groups of which one lock was requested inside another, and whether as readers.
    pub(crate) nested_groups: HashSet<(u32, bool)>,
}

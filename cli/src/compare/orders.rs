//! The orders of a run: which class of locks was requested while which was held.

use super::run::Run;
use crate::names::class_label;
use std::collections::BTreeMap;
use syncscope_detector::class_graph;
use syncscope_detector::finding::Place;

/// One class was requested while the other was held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The name of what was held, escaped.
    pub held: String,
    /// The name of what was requested, escaped.
    pub wanted: String,
    /// How often.
    pub count: u64,
    /// By how many threads at least.
    pub threads: u64,
    /// Where it was held, the first time that was recorded.
    pub held_at: Place,
    /// Where it was requested, at that time.
    pub wanted_at: Place,
}

/// All orders of a run, by the keys of their classes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderSet(BTreeMap<(String, String), Order>);

impl OrderSet {
    /// Those of a run.
    #[must_use]
    pub fn of(run: Run<'_>) -> Self {
        let graph = class_graph(run.recordings, run.sources);
        let labels: Vec<String> = graph.classes.iter().map(class_label).collect();
        let order = |edge: &syncscope_detector::ClassEdge| {
            let key = |class: usize| graph.classes[class].key.clone();
            let order = Order {
                held: labels[edge.from].clone(),
                wanted: labels[edge.to].clone(),
                count: edge.count,
                threads: edge.threads as u64,
                held_at: edge.held_at.clone(),
                wanted_at: edge.wanted_at.clone(),
            };
            ((key(edge.from), key(edge.to)), order)
        };
        Self(graph.edges.iter().map(order).collect())
    }

    /// Those that the other one has not, sorted by name.
    #[must_use]
    pub fn without(&self, other: &Self) -> Vec<Order> {
        let only = self.0.iter().filter(|(key, _)| !other.0.contains_key(*key));
        let mut orders: Vec<Order> = only.map(|(_, order)| order.clone()).collect();
        orders.sort_by(|a, b| (&a.held, &a.wanted).cmp(&(&b.held, &b.wanted)));
        orders
    }
}

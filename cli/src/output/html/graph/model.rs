//! Locks and orders with all that the page tells of them. Texts are escaped as for a terminal.

use super::frames::Frames;
use super::shape::{Graph, Lock, Order, Sites};
use super::views::views;
use crate::escape;
use crate::names::class_label;
use crate::output::View;
use crate::output::cycles::{class_of, cycles, pairs_of};
use crate::output::html::finding;
use crate::words;
use std::collections::BTreeMap;
use syncscope_detector::finding::Refutation;
use syncscope_detector::{ClassEdge, ClassGraph, class_graph};

/// Orders that are drawn, those of findings first, then the most frequent.
const ORDERS: usize = 12_000;
/// The longest place, in columns.
const PLACE: usize = 200;

/// The graph of what was recorded.
pub(in crate::output::html) fn graph(view: &View<'_>) -> Graph {
    let mut graph = class_graph(&view.recordings.readable, view.sources);
    let bad = cycles(&view.analysis.findings, &graph);
    let left_out = cut(&mut graph, &bad);
    let id = |number: &usize| finding::id(&view.analysis.findings[*number]);
    let Refuted { reasons, gates } = refuted(view, &graph);
    let mut frames = Frames::default();
    let mut order = |edge: &ClassEdge| Order {
        from: edge.from,
        to: edge.to,
        count: edge.count,
        threads: edge.threads,
        findings: bad.get(&(edge.from, edge.to)).into_iter().flatten().map(id).collect(),
        refuted: reasons.get(&(edge.from, edge.to)).cloned().unwrap_or_default(),
        sites: (edge.sites.iter())
            .map(|sites| Sites {
                held: escape::fit(&words::short_place(&sites.held_at), PLACE),
                taken: escape::fit(&words::short_place(&sites.wanted_at), PLACE),
                count: sites.count,
                stack: frames.of(view, sites.process, &sites.stack),
            })
            .collect(),
    };
    let orders: Vec<Order> = graph.edges.iter().map(&mut order).collect();
    let mut locks: Vec<Lock> = (graph.classes.iter().enumerate())
        .map(|(at, class)| {
            let name = class_label(class);
            Lock {
                facts: escape::fit(&words::lock_facts(&class.lock, &name), PLACE),
                name,
                findings: Vec::new(),
                gate: gates.contains(&at),
            }
        })
        .collect();
    for finding in &view.analysis.findings {
        let id = finding::id(finding);
        for at in finding.locks.iter().filter_map(|lock| class_of(lock, &graph)) {
            if !locks[at].findings.contains(&id) {
                locks[at].findings.push(id.clone());
            }
        }
    }
    let views = views(&locks, &orders);
    Graph { locks, orders, views, frames: frames.texts, left_out }
}

/// Leaves out what is too much; gives how many orders that were.
fn cut(graph: &mut ClassGraph, bad: &BTreeMap<(usize, usize), Vec<usize>>) -> usize {
    let all = graph.edges.len();
    if all > ORDERS {
        graph.edges.sort_by_key(|edge| {
            (!bad.contains_key(&(edge.from, edge.to)), std::cmp::Reverse(edge.count))
        });
        graph.edges.truncate(ORDERS);
        graph.edges.sort_by_key(|edge| (edge.from, edge.to));
    }
    all - graph.edges.len()
}

/// What is known of cycles that cannot deadlock.
#[derive(Default)]
struct Refuted {
    /// By order along which one runs.
    reasons: BTreeMap<(usize, usize), Vec<String>>,
    /// Locks that are held around one.
    gates: Vec<usize>,
}

fn refuted(view: &View<'_>, graph: &ClassGraph) -> Refuted {
    let Refuted { mut reasons, mut gates } = Refuted::default();
    for finding in view.refuted {
        let labels = view.labels(finding);
        let Some(reason) = words::refutation(finding, &labels) else { continue };
        let gate = match finding.refutation {
            Some(Refutation::GateLock { lock }) => {
                finding.locks.get(lock).and_then(|lock| class_of(lock, graph))
            }
            _ => None,
        };
        gates.extend(gate);
        for (from, to) in pairs_of(finding, graph) {
            // What is taken while the gate is held is no part of the cycle.
            let of_pair = reasons.entry((from, to)).or_default();
            if gate != Some(from) && gate != Some(to) && !of_pair.contains(&reason) {
                of_pair.push(reason.clone());
            }
        }
    }
    Refuted { reasons, gates }
}

//! The graph itself.

use super::spread::BuildSpread;
use super::strong_components::StrongComponents;
use petgraph::graphmap::DiGraphMap;
use std::collections::{BTreeMap, HashMap, VecDeque};

/// Order edges between numbered locks, and whether they form cycles.
///
/// ```
/// use syncscope_detector::graph::OrderGraph;
///
/// let mut graph = OrderGraph::default();
/// assert!(!graph.add_edge(1, 2));
/// assert!(!graph.add_edge(2, 3));
/// assert!(graph.add_edge(3, 1));
/// assert_eq!(graph.shortest_cycle(3, 1), Some(vec![3, 1, 2]));
/// ```
#[derive(Clone, Debug, Default)]
pub struct OrderGraph {
    /// All edges; the weight tells whether the edge closed a cycle.
    edges: DiGraphMap<u32, bool, BuildSpread>,
    /// The edges that closed a cycle, in the order of their arrival.
    closing: Vec<(u32, u32)>,
    /// Lock number to vertex.
    vertices: HashMap<u32, usize, BuildSpread>,
    components: StrongComponents,
}

impl OrderGraph {
    /// Adds "`to` was wanted while `from` was held". Returns whether the edge closes a cycle: whether, with it, there
    /// is a way back from `to` to `from` over any edges added before, those that closed cycles included. A known edge
    /// gets the answer it got when it was new. An edge from a lock to itself is none, and closes nothing.
    ///
    /// Cost: a hash look-up for a known edge; O(1) for a new edge in line with the order; otherwise a search that is
    /// bounded by the locks between its ends in the order.
    pub fn add_edge(&mut self, from: u32, to: u32) -> bool {
        if from == to {
            return false;
        }
        if let Some(closed) = self.edges.edge_weight(from, to) {
            return *closed;
        }
        let (tail, head) = (self.vertex(from), self.vertex(to));
        let closes = self.components.add_edge(tail, head);
        self.edges.add_edge(from, to, closes);
        if closes {
            self.closing.push((from, to));
        }
        closes
    }

    /// Whether the edge was added before. O(1).
    #[must_use]
    pub fn contains(&self, from: u32, to: u32) -> bool {
        self.edges.contains_edge(from, to)
    }

    /// The edges that closed a cycle when they were added, oldest first.
    #[must_use]
    pub fn closing_edges(&self) -> &[(u32, u32)] {
        &self.closing
    }

    /// Number of locks.
    #[must_use]
    pub fn lock_count(&self) -> usize {
        self.edges.node_count()
    }

    /// Number of edges, those that closed cycles included.
    #[must_use]
    pub fn edge_count(&self) -> usize {
        self.edges.edge_count()
    }

    /// A shortest cycle that begins with the edge from `from` to `to`: its locks, `from` first. `None` when the edge is
    /// unknown or on no cycle. Cost: a breadth-first search over all edges.
    #[must_use]
    pub fn shortest_cycle(&self, from: u32, to: u32) -> Option<Vec<u32>> {
        if !self.contains(from, to) {
            return None;
        }
        let mut came_from = BTreeMap::from([(to, to)]);
        let mut queue = VecDeque::from([to]);
        while let Some(lock) = queue.pop_front() {
            if lock == from {
                let mut cycle = vec![from];
                let mut at = from;
                while at != to {
                    at = came_from[&at];
                    cycle.push(at);
                }
                // Collected backwards: `from`, …, `to`; the cycle goes from `from` to `to` and on.
                cycle[1..].reverse();
                return Some(cycle);
            }
            for next in self.edges.neighbors(lock) {
                came_from.entry(next).or_insert_with(|| {
                    queue.push_back(next);
                    lock
                });
            }
        }
        None
    }

    /// Checks what must always hold. For tests: O(locks + edges).
    ///
    /// # Errors
    ///
    /// A sentence that says what is broken.
    pub fn check_invariants(&self) -> Result<(), String> {
        self.components.check_invariants()?;
        if self.vertices.len() != self.edges.node_count() {
            return Err("locks and vertices differ in number".to_owned());
        }
        for &(from, to) in &self.closing {
            if self.edges.edge_weight(from, to) != Some(&true) {
                return Err(format!("the closing edge {from} to {to} is not marked"));
            }
            if self.shortest_cycle(from, to).is_none() {
                return Err(format!("the closing edge {from} to {to} is on no cycle"));
            }
        }
        let marked = self.edges.all_edges().filter(|(_, _, closed)| **closed).count();
        if marked == self.closing.len() {
            Ok(())
        } else {
            Err(format!("{marked} edges are marked as closing, {} are listed", self.closing.len()))
        }
    }

    fn vertex(&mut self, lock: u32) -> usize {
        *self.vertices.entry(lock).or_insert_with(|| self.components.add_vertex())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use petgraph::algo::{has_path_connecting, kosaraju_scc};
    use petgraph::graph::{DiGraph, NodeIndex};
    use proptest::prelude::*;

    /// The same by brute force: a plain graph and a search per edge.
    struct Naive(DiGraph<(), ()>);

    impl Naive {
        fn add_edge(&mut self, from: u32, to: u32) -> bool {
            let (from, to) = (NodeIndex::new(from as usize), NodeIndex::new(to as usize));
            let closes = has_path_connecting(&self.0, to, from, None);
            self.0.update_edge(from, to, ());
            closes
        }
    }

    proptest! {
        #[test]
        fn agrees_with_brute_force(edges in proptest::collection::vec((0_u32..12, 0_u32..12), 0..80)) {
            let mut naive = Naive(DiGraph::new());
            for _ in 0..12 {
                naive.0.add_node(());
            }
            let mut graph = OrderGraph::default();
            for (from, to) in edges.into_iter().filter(|(from, to)| from != to) {
                let known = graph.contains(from, to);
                let first_answer = graph.edges.edge_weight(from, to).copied();
                let answer = graph.add_edge(from, to);
                let expected = naive.add_edge(from, to);
                if known {
                    prop_assert_eq!(Some(answer), first_answer);
                } else {
                    prop_assert_eq!(answer, expected);
                }
                prop_assert_eq!(graph.check_invariants(), Ok(()));
                if let Some(cycle) = graph.shortest_cycle(from, to) {
                    prop_assert_eq!((cycle[0], cycle[1]), (from, to));
                    let closed = cycle.iter().zip(cycle.iter().cycle().skip(1));
                    prop_assert!(closed.into_iter().all(|(a, b)| graph.contains(*a, *b)));
                } else {
                    prop_assert!(!expected);
                }
            }
            for component in kosaraju_scc(&naive.0) {
                for pair in component.windows(2) {
                    let vertex = |n: NodeIndex| graph.vertices[&(n.index() as u32)];
                    let (a, b) = (vertex(pair[0]), vertex(pair[1]));
                    prop_assert!(graph.components.same(a, b));
                }
            }
        }
    }

    #[test]
    fn a_lock_before_itself_is_no_edge() {
        let mut graph = OrderGraph::default();
        assert!(!graph.add_edge(7, 7));
        assert_eq!((graph.lock_count(), graph.edge_count()), (0, 0));
        assert_eq!(graph.shortest_cycle(7, 7), None);
    }

    #[test]
    fn cycles_through_refused_edges_are_seen() {
        let mut graph = OrderGraph::default();
        assert!(!graph.add_edge(1, 2));
        assert!(graph.add_edge(2, 1));
        assert!(!graph.add_edge(1, 3));
        // 3 → 2 → 1 → 3 needs the edge 2 → 1, which had closed a cycle itself.
        assert!(graph.add_edge(3, 2));
        assert_eq!(graph.closing_edges(), [(2, 1), (3, 2)]);
    }

    #[test]
    fn many_edges_in_a_cyclic_graph_stay_cheap() {
        // After the first cycle a naive side list would cost a search per edge: 10^10 steps here.
        let locks = 50_000;
        let mut graph = OrderGraph::default();
        assert!(!graph.add_edge(0, 1));
        assert!(graph.add_edge(1, 0));
        for lock in 1..locks {
            assert!(!graph.add_edge(lock, lock + 1));
            graph.add_edge(0, lock + 1);
        }
        assert!(graph.add_edge(locks, 0));
        assert_eq!(graph.shortest_cycle(locks, 0).map(|cycle| cycle.len()), Some(2));
    }
}

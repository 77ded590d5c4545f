//! Strongly connected components under insertion of edges.
//!
//! The components form an acyclic graph, which petgraph keeps in topological order (Pearce and Kelly). An edge that
//! would close a cycle there makes all components on paths between its ends one: they are replaced by one vertex, and
//! the graph is acyclic again. So an edge inside a component costs two array look-ups, an edge in line with the order
//! costs O(1), and each vertex is merged away at most once.

use petgraph::Direction::{Incoming, Outgoing};
use petgraph::acyclic::Acyclic;
use petgraph::data::Build;
use petgraph::stable_graph::{NodeIndex, StableDiGraph};
use petgraph::visit::{EdgeRef, IntoEdgeReferences};
use std::collections::{BTreeSet, VecDeque};

/// Components of a graph whose vertices are counted from 0.
#[derive(Clone, Debug, Default)]
pub(super) struct StrongComponents {
    /// Union–find over the vertices.
    parent: Vec<usize>,
    /// By root vertex: its component's vertex in `order`.
    vertex: Vec<NodeIndex>,
    /// Weight: the root of the component.
    order: Acyclic<StableDiGraph<usize, ()>>,
}

impl StrongComponents {
    /// Adds a vertex, and returns its number.
    pub(super) fn add_vertex(&mut self) -> usize {
        let number = self.parent.len();
        self.parent.push(number);
        let vertex = self.order.add_node(number);
        self.vertex.push(vertex);
        number
    }

    /// Adds an edge. Returns whether both ends are on a common cycle now.
    pub(super) fn add_edge(&mut self, from: usize, to: usize) -> bool {
        let (from, to) = (self.root(from), self.root(to));
        if from == to {
            return true;
        }
        let (from, to) = (self.vertex[from], self.vertex[to]);
        if self.order.try_add_edge(from, to, ()).is_ok() {
            return false;
        }
        self.contract(from, to);
        true
    }

    /// Whether two vertices are in one component.
    #[cfg(test)]
    pub(super) fn same(&mut self, a: usize, b: usize) -> bool {
        self.root(a) == self.root(b)
    }

    /// Whether the components' graph is in topological order and each component has one vertex in it.
    pub(super) fn check_invariants(&self) -> Result<(), String> {
        let graph = self.order.inner();
        if petgraph::algo::is_cyclic_directed(graph) {
            return Err("the graph of components has a cycle".to_owned());
        }
        for edge in graph.edge_references() {
            if self.order.get_position(edge.source()) >= self.order.get_position(edge.target()) {
                return Err(format!("{edge:?} is against the topological order"));
            }
        }
        let roots = (0..self.parent.len()).filter(|vertex| self.parent[*vertex] == *vertex);
        let mut count = 0;
        for root in roots {
            count += 1;
            if graph.node_weight(self.vertex[root]) != Some(&root) {
                return Err(format!("the component of {root} has lost its vertex"));
            }
        }
        if count == graph.node_count() {
            Ok(())
        } else {
            Err(format!("{count} components, but {} vertices", graph.node_count()))
        }
    }

    fn root(&mut self, vertex: usize) -> usize {
        let mut at = vertex;
        while self.parent[at] != at {
            // Path halving keeps the trees flat.
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    /// Makes one component of everything on paths from `to` to `from`.
    fn contract(&mut self, from: NodeIndex, to: NodeIndex) {
        let merged = self.between(to, from);
        let graph = self.order.inner();
        let outside = |direction| {
            let neighbors =
                merged.iter().flat_map(|vertex| graph.neighbors_directed(*vertex, direction));
            neighbors.filter(|vertex| !merged.contains(vertex)).collect::<BTreeSet<_>>()
        };
        let (before, after) = (outside(Incoming), outside(Outgoing));
        let roots: Vec<_> =
            merged.iter().filter_map(|vertex| graph.node_weight(*vertex).copied()).collect();
        let Some(&root) = roots.first() else { return };
        for vertex in merged {
            self.order.remove_node(vertex);
        }
        for other in roots {
            self.parent[other] = root;
        }
        let vertex = self.order.add_node(root);
        self.vertex[root] = vertex;
        let edges =
            before.into_iter().map(|v| (v, vertex)).chain(after.into_iter().map(|v| (vertex, v)));
        for (from, to) in edges {
            let added = self.order.try_add_edge(from, to, ());
            debug_assert!(added.is_ok(), "contracting a component leaves no cycle");
        }
    }

    /// The vertices on paths between two vertices, both included.
    fn between(&self, from: NodeIndex, to: NodeIndex) -> BTreeSet<NodeIndex> {
        // A vertex on such a path has a position between theirs, so neither search leaves that range.
        let range = self.order.get_position(from)..=self.order.get_position(to);
        let reach = |start: NodeIndex, direction| {
            let mut seen = BTreeSet::from([start]);
            let mut queue = VecDeque::from([start]);
            while let Some(vertex) = queue.pop_front() {
                for next in self.order.inner().neighbors_directed(vertex, direction) {
                    if range.contains(&self.order.get_position(next)) && seen.insert(next) {
                        queue.push_back(next);
                    }
                }
            }
            seen
        };
        let forward = reach(from, Outgoing);
        let backward = reach(to, Incoming);
        forward.intersection(&backward).copied().collect()
    }
}

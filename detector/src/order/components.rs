//! Strongly connected components of lock graphs.

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

/// The component of each vertex; `None` where the component is a single vertex, which is on no cycle.
///
/// Kosaraju's algorithm, because petgraph's Tarjan recurses and a chain of locks can be longer than the stack.
pub(crate) fn components(vertices: usize, edges: &[(u32, u32)]) -> Vec<Option<u32>> {
    let mut graph: DiGraph<(), (), u32> = DiGraph::with_capacity(vertices, edges.len());
    for _ in 0..vertices {
        graph.add_node(());
    }
    for &(from, to) in edges {
        graph.add_edge(NodeIndex::new(from as usize), NodeIndex::new(to as usize), ());
    }
    let mut component_of = vec![None; vertices];
    let cyclic = kosaraju_scc(&graph).into_iter().filter(|component| component.len() > 1);
    for (number, component) in (0_u32..).zip(cyclic) {
        for vertex in component {
            component_of[vertex.index()] = Some(number);
        }
    }
    component_of
}

//! The order graph by class: for drawings, for comparisons of two runs and for declared orders.
//!
//! It shows what was recorded and judges nothing: whether a cycle in it can deadlock is what the rules decide, lock by
//! lock. Cost: O(nodes × their depth), in time; in memory, one entry for each pair of classes.

use crate::finding::{LockInfo, Place};
use crate::merged::{Lock, LockId, Merged, NodeRef};
use crate::sites::SiteKeys;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::{BTreeMap, BTreeSet};
use syncscope_recording::Recording;
use syncscope_recording::model::{ClassId, ThreadNum};

/// Which class was requested while which was held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClassGraph {
    /// The classes that take part in a nesting, in a stable order.
    pub classes: Vec<LockClass>,
    /// Sorted by `from`, then `to`.
    pub edges: Vec<ClassEdge>,
}

/// A class of locks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockClass {
    /// The same across runs, machines and moved code: 16 hexadecimal digits.
    pub key: String,
    /// What is known of it; the instance is 0.
    pub lock: LockInfo,
}

/// One class was requested while the other was held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassEdge {
    /// Index of the class that was held.
    pub from: usize,
    /// Index of the class that was requested; may be the same, for two instances of it.
    pub to: usize,
    /// How often.
    pub count: u64,
    /// By how many threads at least.
    pub threads: usize,
    /// Where it was held, the first time that was recorded.
    pub held_at: Place,
    /// Where it was requested, at that time.
    pub wanted_at: Place,
    /// The pairs of places at which this was recorded, in the order in which they were met; at most [`ClassEdge::SITES`].
    pub sites: Vec<EdgeSites>,
}

impl ClassEdge {
    /// How many pairs of places are kept.
    pub const SITES: usize = 8;
}

/// A pair of places at which one class was requested while the other was held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EdgeSites {
    /// Where it was held.
    pub held_at: Place,
    /// Where it was requested.
    pub wanted_at: Place,
    /// How often.
    pub count: u64,
    /// The process of the first occurrence: an index into the recordings.
    pub process: usize,
    /// Raw addresses of the request there, innermost first; empty where none were taken.
    pub stack: Vec<u64>,
}

/// Builds the graph of all recordings together. A call that does not wait for ever orders nothing, but what it took
/// does.
#[must_use]
pub fn class_graph(recordings: &[Recording], keys: &dyn SiteKeys) -> ClassGraph {
    let view = Merged::new(recordings, keys);
    // By lock: the number of its class in `classes`. A class is described once, however many locks it has.
    let mut number_of: Vec<Option<u32>> = vec![None; view.lock_count()];
    let mut numbers: BTreeMap<(usize, ClassId), u32> = BTreeMap::new();
    let mut classes = Classes::default();
    let mut class = |lock: LockId| {
        *number_of[lock.0 as usize].get_or_insert_with(|| {
            let Lock { process, class, .. } = *view.lock(lock);
            *numbers.entry((process, class)).or_insert_with(|| classes.number(&view, lock))
        })
    };
    let mut sums: BTreeMap<(u32, u32), Sum> = BTreeMap::new();
    let mut holders: Vec<(LockId, NodeRef)> = Vec::new();
    let mut met: Vec<u32> = Vec::new();
    for (at, node) in view.recorded_nodes() {
        let Some(wanted) = view.lock_of(at).filter(|_| !node.access.is_try) else { continue };
        holders.clear();
        holders.extend(view.ancestors(at).filter_map(|h| Some((view.lock_of(h)?, h))));
        // Taking a lock again that the thread holds already orders nothing.
        if holders.is_empty() || holders.iter().any(|(held, _)| *held == wanted) {
            continue;
        }
        // What a group takes in turn neither.
        if node.access.in_turn {
            let group = view.group_of(wanted);
            holders.retain(|(held, _)| view.group_of(*held) != group);
        }
        let wanted = class(wanted);
        met.clear();
        for &(held, holder) in &holders {
            let held = class(held);
            if !met.contains(&held) {
                met.push(held);
                let sum = sums.entry((held, wanted)).or_insert_with(|| Sum::new(holder, at));
                sum.count = sum.count.saturating_add(node.count);
                sum.threads.insert((at.process, node.thread));
                sum.meet(&view, (holder, at), node.count);
            }
        }
    }
    assemble(&view, classes, sums)
}

/// The classes met so far: those of different processes with the same key are one.
#[derive(Default)]
struct Classes {
    by_hash: BTreeMap<u64, u32>,
    /// By number.
    found: Vec<(u64, LockInfo)>,
}

impl Classes {
    /// The number of a lock's class.
    fn number(&mut self, view: &Merged<'_>, lock: LockId) -> u32 {
        let hash = view.lock_hash(lock);
        let info = view.lock_info(lock, true);
        let new = self.found.len() as u32;
        let number = *self.by_hash.entry(hash).or_insert(new);
        match self.found.get_mut(number as usize) {
            Some((_, known)) => {
                known.instances_of_class = known.instances_of_class.max(info.instances_of_class);
            }
            None => self.found.push((hash, info)),
        }
        number
    }
}

/// What is added up for an edge.
struct Sum {
    count: u64,
    threads: BTreeSet<(u32, Option<ThreadNum>)>,
    holder: NodeRef,
    wanted: NodeRef,
    /// By pair of places: an occurrence, and how many there were.
    sites: Vec<(NodeRef, NodeRef, u64)>,
}

impl Sum {
    const fn new(holder: NodeRef, wanted: NodeRef) -> Self {
        Self { count: 0, threads: BTreeSet::new(), holder, wanted, sites: Vec::new() }
    }

    /// Counts occurrences for their pair of places.
    fn meet(&mut self, view: &Merged<'_>, (holder, wanted): (NodeRef, NodeRef), count: u64) {
        let places = |holder: NodeRef, wanted: NodeRef| {
            (wanted.process, view.node(holder).site, view.node(wanted).site)
        };
        let met = places(holder, wanted);
        let known = self.sites.iter().position(|known| places(known.0, known.1) == met);
        match known {
            Some(at) => self.sites[at].2 = self.sites[at].2.saturating_add(count),
            None if self.sites.len() < ClassEdge::SITES => self.sites.push((holder, wanted, count)),
            None => {}
        }
    }
}

fn assemble(view: &Merged<'_>, classes: Classes, sums: BTreeMap<(u32, u32), Sum>) -> ClassGraph {
    let mut classes: Vec<(u32, (u64, LockInfo))> = (0..).zip(classes.found).collect();
    classes.sort_by(|(_, (a, x)), (_, (b, y))| order_of(x).cmp(&order_of(y)).then(a.cmp(b)));
    let index: BTreeMap<u32, usize> =
        classes.iter().enumerate().map(|(index, (number, _))| (*number, index)).collect();
    let place = |at: NodeRef| view.place(at.process as usize, view.node(at).site, None);
    let sites = |&(held, wanted, count): &(NodeRef, NodeRef, u64)| EdgeSites {
        held_at: place(held),
        wanted_at: place(wanted),
        count,
        process: wanted.process as usize,
        stack: view.stack(wanted),
    };
    let mut edges: Vec<ClassEdge> = sums
        .into_iter()
        .map(|((from, to), sum)| ClassEdge {
            from: index[&from],
            to: index[&to],
            count: sum.count,
            threads: sum.threads.len(),
            held_at: place(sum.holder),
            wanted_at: place(sum.wanted),
            sites: sum.sites.iter().map(sites).collect(),
        })
        .collect();
    edges.sort_by_key(|edge| (edge.from, edge.to));
    let mut graph = ClassGraph {
        classes: (classes.into_iter())
            .map(|(_, (hash, lock))| LockClass { key: format!("{hash:016x}"), lock })
            .collect(),
        edges,
    };
    graph.drop_lonely();
    graph
}

fn order_of(lock: &LockInfo) -> impl Ord + '_ {
    (&lock.name, &lock.created.file, lock.created.line, lock.created.column, lock.kind)
}

impl ClassGraph {
    /// Classes that only try calls met have no edge.
    fn drop_lonely(&mut self) {
        let used: BTreeSet<usize> =
            self.edges.iter().flat_map(|edge| [edge.from, edge.to]).collect();
        let new: BTreeMap<usize, usize> =
            used.iter().enumerate().map(|(new, old)| (*old, new)).collect();
        let mut index = 0;
        self.classes.retain(|_| {
            index += 1;
            used.contains(&(index - 1))
        });
        for edge in &mut self.edges {
            (edge.from, edge.to) = (new[&edge.from], new[&edge.to]);
        }
    }

    /// For each class the number of its strongly connected component: classes of one component have no order among
    /// them. Components are numbered in an order that the program obeys: an edge between two of them goes from the lower
    /// number to the higher. A class that is nested in itself only is a component of its own.
    #[must_use]
    pub fn components(&self) -> Vec<usize> {
        let mut graph: DiGraph<(), (), usize> = DiGraph::default();
        for _ in &self.classes {
            graph.add_node(());
        }
        for edge in &self.edges {
            graph.add_edge(NodeIndex::new(edge.from), NodeIndex::new(edge.to), ());
        }
        // Kosaraju's algorithm, because petgraph's Tarjan recurses and a chain of locks can be longer than the stack. A
        // component comes after all that it leads to.
        let mut number = vec![0; self.classes.len()];
        for (at, component) in kosaraju_scc(&graph).into_iter().rev().enumerate() {
            component.into_iter().for_each(|class| number[class.index()] = at);
        }
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn graph(classes: usize, pairs: &[(usize, usize)]) -> ClassGraph {
        let lock = || LockInfo {
            name: None,
            kind: "Mutex",
            type_name: String::new(),
            created: Place::default(),
            instance: 0,
            instances_of_class: 1,
        };
        let edge = |&(from, to): &(usize, usize)| ClassEdge {
            from,
            to,
            count: 1,
            threads: 1,
            held_at: Place::default(),
            wanted_at: Place::default(),
            sites: Vec::new(),
        };
        ClassGraph {
            classes: (0..classes)
                .map(|n| LockClass { key: format!("{n:016x}"), lock: lock() })
                .collect(),
            edges: pairs.iter().map(edge).collect(),
        }
    }

    #[test]
    fn components_are_numbered_along_the_order() {
        assert_eq!(graph(4, &[(2, 0), (0, 3), (2, 3), (3, 1)]).components(), [1, 3, 0, 2]);
        assert_eq!(graph(3, &[(0, 1), (1, 0), (1, 1), (1, 2)]).components(), [0, 0, 1]);
        assert!(graph(0, &[]).components().is_empty());
    }

    proptest! {
        #[test]
        fn components_are_those_of_reachability(
            pairs in proptest::collection::vec((0_usize..7, 0_usize..7), 0..20),
        ) {
            let graph = graph(7, &pairs);
            let mut reach = [[false; 7]; 7];
            for &(from, to) in &pairs {
                reach[from][to] = true;
            }
            for via in 0..7 {
                for from in 0..7 {
                    for to in 0..7 {
                        reach[from][to] |= reach[from][via] && reach[via][to];
                    }
                }
            }
            let components = graph.components();
            for a in 0..7 {
                for b in 0..7 {
                    let same = a == b || (reach[a][b] && reach[b][a]);
                    prop_assert_eq!(components[a] == components[b], same);
                    if reach[a][b] && !same {
                        prop_assert!(components[a] < components[b]);
                    }
                }
            }
        }
    }
}

//! Order edges with the contexts they were seen in.

use super::components::components;
use crate::merged::{HeldSets, LockId, Merged, Moment, NodeRef, SetId};
use std::collections::BTreeMap;

/// One context of an edge: a node, and the ancestor that is the edge's held lock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context {
    /// Where the wanted lock was requested.
    pub(crate) node: NodeRef,
    /// Where the held lock was taken.
    pub(crate) holder: NodeRef,
    /// Who and when.
    pub(crate) moment: Moment,
}

/// Contexts of an edge that differ in thread, time and place only.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    /// Everything that is held.
    pub(crate) held: SetId,
    /// The edge's held lock is held as a reader.
    pub(crate) held_shared: bool,
    /// The wanted lock is wanted as a reader.
    pub(crate) want_shared: bool,
    /// That reader passes queued writers.
    pub(crate) want_recursive: bool,
    /// In a stable order: by keys of the two places.
    pub(crate) members: Vec<Context>,
}

/// An order edge: one lock was requested while another was held.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edge {
    /// Its contexts.
    pub(crate) groups: Vec<Group>,
    /// Occurrences.
    pub(crate) count: u64,
}

/// A set of locks with cycles through all of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scc {
    /// Sorted.
    pub(crate) locks: Vec<LockId>,
    /// Between these locks only.
    pub(crate) edges: BTreeMap<(LockId, LockId), Edge>,
}

/// All edges that are on a cycle.
#[derive(Debug, Default)]
pub(crate) struct CyclicEdges {
    /// Ordered by their least lock.
    pub(crate) sccs: Vec<Scc>,
    /// The held sets that groups refer to.
    pub(crate) sets: HeldSets,
}

impl CyclicEdges {
    /// Finds the edges on cycles, and their contexts. Nodes off all cycles cost O(1) each.
    pub(crate) fn new(view: &Merged<'_>) -> Self {
        let mut graph = Self::default();
        let mut raw = candidates(view);
        let edges: Vec<_> = distinct_edges(&raw);
        let component = components(view.lock_count(), &edges);
        raw.retain(|(from, to, ..)| same_component(&component, *from, *to));
        raw.sort_unstable_by_key(|&(from, to, node, _)| (from, to, node));

        let mut held_of_node = BTreeMap::new();
        // A node deep inside is a context of as many edges.
        let mut moment_of_node = BTreeMap::new();
        let mut sccs: BTreeMap<u32, Scc> = BTreeMap::new();
        for contexts in raw.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let (from, to, ..) = contexts[0];
            let Some(number) = component[from.0 as usize] else { continue };
            let mut groups: BTreeMap<GroupKey, Vec<Context>> = BTreeMap::new();
            let mut count = 0_u64;
            for &(_, _, node, holder) in contexts {
                let data = view.node(node);
                count = count.saturating_add(data.count);
                let parent =
                    NodeRef { process: node.process, node: data.parent.map_or(0, |p| p.0) };
                let held = *held_of_node
                    .entry(parent)
                    .or_insert_with(|| view.held_set(node, &mut graph.sets));
                let passes = data.access.recursive || view.lock(to).readers_pass;
                let modes = (view.is_shared(holder), view.is_shared(node), passes);
                let moment = *moment_of_node.entry(node).or_insert_with(|| Moment::of(view, node));
                groups.entry((held, modes)).or_default().push(Context { node, holder, moment });
            }
            let edge = Edge { groups: sorted_groups(view, groups), count };
            sccs.entry(number).or_default().edges.insert((from, to), edge);
        }
        graph.sccs = sccs.into_values().map(Scc::with_locks).collect();
        graph.sccs.sort_by_key(|scc| scc.locks.first().copied());
        graph
    }
}

impl Scc {
    fn with_locks(mut self) -> Self {
        self.locks = self.edges.keys().map(|(from, _)| *from).collect();
        self.locks.sort_unstable();
        self.locks.dedup();
        self
    }
}

impl Edge {
    /// All contexts, group by group.
    pub(crate) fn contexts(&self) -> impl Iterator<Item = &Context> {
        self.groups.iter().flat_map(|group| &group.members)
    }
}

/// What the members of a group have in common: the held set and the modes, as in [`Group`].
type GroupKey = (SetId, (bool, bool, bool));

type Raw = (LockId, LockId, NodeRef, NodeRef);

/// Held–wanted pairs whose locks are on a common cycle of the coarse graph (parent to child only). The coarse graph
/// has a path wherever the exact graph has an edge, so nothing is missed, and chains off all cycles are never walked.
fn candidates(view: &Merged<'_>) -> Vec<Raw> {
    let mut steps: Vec<(u32, u32)> = view
        .nodes()
        .filter_map(|(at, _)| {
            let (child, parent) = (view.lock_of(at)?, lock_above(view, at)?);
            let (child, parent) = (view.group_of(child), view.group_of(parent));
            (child != parent).then_some((parent.0, child.0))
        })
        .collect();
    steps.sort_unstable();
    steps.dedup();
    let coarse = components(view.lock_count(), &steps);

    let mut found: Vec<Raw> = Vec::new();
    // By lock: the entry of `found` that was made for it last.
    let mut entry_of = vec![usize::MAX; view.lock_count()];
    for (at, data) in view.nodes() {
        // A try does not wait, so it is wanted by no edge; it still counts as held for what is taken inside it.
        if data.access.is_try {
            continue;
        }
        let Some(lock) = view.lock_of(at) else { continue };
        let wanted = view.group_of(lock);
        let Some(component) = coarse[wanted.0 as usize] else { continue };
        let start = found.len();
        for holder in view.ancestors(at) {
            let Some(held) = view.lock_of(holder) else { continue };
            if held == lock {
                // Taking a lock again that the thread holds already is a matter of that thread alone: other rules see
                // to it.
                found.truncate(start);
                break;
            }
            let held = view.group_of(held);
            if held == wanted || coarse[held.0 as usize] != Some(component) {
                continue;
            }
            // Of several holders of one lock the outermost, which comes last, tells since when it is held. Of a group, readers may hold
            // one lock and a writer another.
            match found.get_mut(entry_of[held.0 as usize]) {
                Some(entry) if entry.2 == at && entry.0 == held => {
                    if !view.is_shared(holder) || view.is_shared(entry.3) {
                        entry.3 = holder;
                    }
                }
                _ => {
                    entry_of[held.0 as usize] = found.len();
                    found.push((held, wanted, at, holder));
                }
            }
        }
    }
    found
}

/// The nearest ancestor that is a lock.
fn lock_above(view: &Merged<'_>, at: NodeRef) -> Option<LockId> {
    view.ancestors(at).find_map(|ancestor| view.lock_of(ancestor))
}

fn distinct_edges(raw: &[Raw]) -> Vec<(u32, u32)> {
    let mut edges: Vec<_> = raw.iter().map(|(from, to, ..)| (from.0, to.0)).collect();
    edges.sort_unstable();
    edges.dedup();
    edges
}

fn same_component(component: &[Option<u32>], from: LockId, to: LockId) -> bool {
    let of = |lock: LockId| component[lock.0 as usize];
    of(from).is_some() && of(from) == of(to)
}

fn sorted_groups(view: &Merged<'_>, groups: BTreeMap<GroupKey, Vec<Context>>) -> Vec<Group> {
    let place_key = |context: &Context| {
        let of = |at: NodeRef| view.site_hash(at.process, view.node(at).site);
        (of(context.holder), of(context.node), context.node)
    };
    let mut groups: Vec<_> = groups
        .into_iter()
        .map(|((held, (held_shared, want_shared, want_recursive)), mut members)| {
            members.sort_by_cached_key(place_key);
            Group { held, held_shared, want_shared, want_recursive, members }
        })
        .collect();
    groups.sort_by_cached_key(|group| group.members.first().map(place_key));
    groups
}

//! Why a cycle cannot deadlock: the first condition that no combination of contexts meets.

use super::cycle_text::CycleText;
use crate::finding::{Finding, Refutation};
use crate::merged::{HeldSets, LockId, Merged};
use crate::order::{Constraints, Edge, Outcome, Scc, Search, Witness};

/// A reason, with what it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// There are fewer threads than edges: no combination of different threads.
    OneThread,
    /// A common lock.
    Gate(LockId),
    /// Readers do not wait for readers.
    Readers,
    /// Fork–join order.
    Order,
}

/// Finds the reason, and the combination that shows it best.
pub(super) fn explain(search: &mut Search<'_>) -> (Witness, Reason) {
    let loosest = Constraints { gates: false, modes: false, order: false, likely: false };
    let found = |outcome| match outcome {
        Outcome::Found(witness) => Some(witness),
        Outcome::None | Outcome::Unknown => None,
    };
    let Some(threads) = found(search.run(loosest)) else {
        return (any_contexts(search.edges), Reason::OneThread);
    };
    let Some(ungated) = found(search.run(Constraints { gates: true, ..loosest })) else {
        let gate = gate(search, &threads);
        return (threads, gate.map_or(Reason::Order, Reason::Gate));
    };
    let with_modes = Constraints { gates: true, modes: true, ..loosest };
    match found(search.run(with_modes)) {
        None => (ungated, Reason::Readers),
        Some(unordered) => (unordered, Reason::Order),
    }
}

/// Whether one reason refutes every cycle of a component: a single thread makes all its edges, or one lock keeps out all
/// others around each of them. Then its cycles, which can be too many to look at, need not be looked at.
pub(super) fn refutes_all(view: &Merged<'_>, scc: &Scc, sets: &HeldSets) -> bool {
    let mut moments = scc.edges.values().flat_map(Edge::contexts).map(|context| &context.moment);
    let one_thread = moments
        .next()
        .is_some_and(|first| moments.all(|moment| moment.same_thread(first, view.recordings)));
    let held = scc.edges.values().flat_map(|edge| &edge.groups).map(|group| group.held);
    one_thread || sets.exclusive_in_all(held).iter().any(|gate| !view.is_grouped(*gate))
}

/// The first context of each edge.
pub(super) fn any_contexts(edges: &[&Edge]) -> Witness {
    let firsts = edges.iter().filter_map(|edge| {
        let group = edge.groups.first()?;
        Some((*group.members.first()?, group.held))
    });
    let (contexts, held) = firsts.unzip();
    Witness { contexts, held, writers: Vec::new() }
}

/// All processes that contribute contexts.
pub(super) fn processes<'a>(edges: impl IntoIterator<Item = &'a Edge>) -> Vec<usize> {
    let mut processes: Vec<_> = edges
        .into_iter()
        .flat_map(|edge| edge.contexts())
        .map(|context| context.node.process as usize)
        .collect();
    processes.sort_unstable();
    processes.dedup();
    processes
}

/// A lock that two of the contexts hold, preferably one outside the cycle.
fn gate(search: &Search<'_>, witness: &Witness) -> Option<LockId> {
    let held = &witness.held;
    let pairs = (0..held.len()).flat_map(|a| (a + 1..held.len()).map(move |b| (a, b)));
    let gates = pairs.flat_map(|(a, b)| search.sets.gates(held[a], held[b]));
    let gates: Vec<_> =
        gates.filter(|gate| search.view.is_firm(*gate)).map(|gate| gate.lock).collect();
    let outside = gates.iter().find(|gate| !search.locks.contains(gate));
    outside.or(gates.first()).copied()
}

impl Reason {
    /// For the finding, to which the gate is added if it is not one of its locks.
    pub(super) fn refutation(self, text: &CycleText<'_>, finding: &mut Finding) -> Refutation {
        match self {
            Self::OneThread => Refutation::OneThread { thread: text.busiest_thread() },
            Self::Gate(gate) => Refutation::GateLock { lock: text.gate(gate, finding) },
            Self::Readers => Refutation::ReadersOnly,
            Self::Order => Refutation::MustOrder,
        }
    }
}

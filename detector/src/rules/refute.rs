//! Why a cycle cannot deadlock: the first condition that no combination of contexts meets.

use super::cycle_text::CycleText;
use crate::finding::{Finding, Refutation};
use crate::merged::LockId;
use crate::order::{Constraints, Edge, Outcome, Search, Witness};

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
    let loosest = Constraints { gates: false, modes: false, order: false };
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
    let with_modes = Constraints { gates: true, modes: true, order: false };
    match found(search.run(with_modes)) {
        None => (ungated, Reason::Readers),
        Some(unordered) => (unordered, Reason::Order),
    }
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
pub(super) fn processes(edges: &[&Edge]) -> Vec<usize> {
    let mut processes: Vec<_> = edges
        .iter()
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
    let gates: Vec<_> = pairs.flat_map(|(a, b)| search.sets.gates(held[a], held[b])).collect();
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

//! Locks that were moved in memory between two contexts, as the elements of a vector are when it is sorted.
//!
//! A lock moves only while its owner is held exclusively. Threads that take the locks of a vector in the order of their
//! indices, with the vector held as readers, keep one order, though the locks change places under a writer. What was recorded
//! are the locks; that the order is one of places is a guess, so this weakens a finding and refutes nothing.

use super::identity::LockId;
use super::view::{Merged, NodeRef};

/// Locks of a context that are compared.
const DEPTH: usize = 32;

/// The lock that both contexts hold as readers, if a lock of both was somewhere else in one of them. Who writes to it is the
/// caller's to ask.
pub(crate) fn relocated_under(view: &Merged<'_>, a: NodeRef, b: NodeRef) -> Option<LockId> {
    if a.process != b.process || !view.has_relocated(a.process) {
        return None;
    }
    let chain = |at| {
        let all = std::iter::once(at).chain(view.ancestors(at)).take(DEPTH);
        all.map(|at| (at, view.node(at))).filter(|(_, node)| node.address != 0)
    };
    let has_moved = chain(a).any(|(_, node)| {
        chain(b).any(|(_, other)| other.instance == node.instance && other.address != node.address)
    });
    if !has_moved {
        return None;
    }
    let readers = |at| {
        let shared = view.ancestors(at).take(DEPTH).filter(|above| view.is_shared(*above));
        shared.filter_map(|above| view.lock_of(above))
    };
    readers(a).find(|lock| readers(b).any(|other| other == *lock))
}

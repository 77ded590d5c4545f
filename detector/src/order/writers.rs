//! Who writes to a readers–writer lock: a queued writer is what makes readers wait for readers.

use crate::merged::{HeldSets, LockId, Merged, Moment, NodeRef, SetId};
use std::collections::BTreeMap;
use syncscope_recording::model::Primitive;

/// A place where a lock is wanted for writing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Writer {
    /// Where.
    pub(crate) node: NodeRef,
    /// What its thread holds meanwhile.
    pub(crate) held: SetId,
    /// Who and when.
    pub(crate) moment: Moment,
}

/// All writers of all readers–writer locks. Those of a group count as writers of one lock.
#[derive(Debug, Default)]
pub(crate) struct Writers {
    by_lock: BTreeMap<LockId, Vec<Writer>>,
}

impl Writers {
    /// Collects them. A `try_write` never queues.
    pub(crate) fn new(view: &Merged<'_>, sets: &mut HeldSets) -> Self {
        let mut by_lock: BTreeMap<LockId, Vec<Writer>> = BTreeMap::new();
        for (node, data) in view.nodes() {
            let Some(lock) = view.lock_of(node) else { continue };
            if view.lock(lock).primitive != Primitive::RwLock
                || data.access.is_try
                || view.is_shared(node)
            {
                continue;
            }
            let held = view.held_set(node, sets);
            let moment = Moment::of(view, node);
            by_lock.entry(view.group_of(lock)).or_default().push(Writer { node, held, moment });
        }
        for writers in by_lock.values_mut() {
            writers.sort_by_cached_key(|writer| {
                (view.site_hash(writer.node.process, view.node(writer.node).site), writer.node)
            });
        }
        Self { by_lock }
    }

    /// The writers of a lock, or of a group.
    pub(crate) fn of(&self, lock: LockId) -> &[Writer] {
        self.by_lock.get(&lock).map_or(&[], Vec::as_slice)
    }
}

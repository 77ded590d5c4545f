//! Order edges of classes, for when the cap on nodes is reached.
//!
//! From there on a nesting that no thread has been through gets no node. But where a class was never seen held around another since
//! then, one pair of instances stands for the two: so an inversion of locks that are the only ones of their classes is found
//! however many others there are. What else was held is not kept.

use super::held::Lock;
use super::local::Local;
use super::nodes;
use super::stack::hash;
use dashmap::DashMap;

/// Edges that are kept, at most; each takes two nodes.
const MOST: usize = 1 << 14;

/// Nodes that these edges take, at most.
pub(super) const NODES: u32 = 2 * MOST as u32;

/// The edges that were kept.
#[derive(Debug, Default)]
pub(super) struct ClassEdges(DashMap<u64, ()>);

/// Keeps what is new of: `lock` was requested while the thread held what it holds.
#[cold]
pub(super) fn keep(local: &Local, lock: Lock, ticks: u64) {
    let edges = &local.runtime.class_edges.0;
    for index in 0..local.depth() as usize {
        let held = local.lock_at(index);
        // Two of one class tell nothing of classes, and an unknown class is any.
        if held.class == lock.class || held.class == 0 || lock.class == 0 || edges.len() >= MOST {
            continue;
        }
        let mode = |lock: Lock| u64::from(lock.class) << 8 | u64::from(lock.site_access >> 24);
        let Some(dashmap::Entry::Vacant(vacant)) = edges.try_entry(hash(&[mode(held), mode(lock)]))
        else {
            continue;
        };
        vacant.insert(());
        if let Some(outer) = nodes::add_beyond(local, 0, held, ticks) {
            _ = nodes::add_beyond(local, outer + 1, lock, ticks);
        }
    }
}

//! A nesting becomes a node.

use super::{edge_stack, written};
use crate::rt::machine::clock;
use crate::rt::object::lock::Lock;
use crate::rt::shared::nodes::{BEYOND, RENEWED_SEGMENTS, Room, SHALLOW};
use crate::rt::shared::runtime::Runtime;
use crate::rt::thread::local::Local;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use syncscope_recording::layout::node;

/// A node to be made: a lock in the chain of a node (+ 1), with the hash of the new chain.
#[derive(Clone, Copy, Debug)]
pub(crate) struct New {
    pub(crate) parent: u32,
    pub(crate) lock: Lock,
    pub(crate) tag: u64,
    pub(crate) ticks: u64,
    /// Locks held.
    pub(crate) depth: u32,
}

/// Adds a node for a chain of this thread, unless there is one that it shares; gives its index, and whether it is new. `None` when the
/// room is used up.
#[cold]
pub(crate) fn add(local: &Local, new: New, room: Room) -> Option<(u32, bool)> {
    let New { parent, lock, tag, ticks, depth } = new;
    let runtime: &Runtime = local.runtime;
    let is_full = local.table.is_full();
    let shared = if written::is_of_many(local) || local.jobs.is_unknown() {
        Some(runtime.nodes.without_thread(tag))
    } else if local.is_apart.get() && !is_full {
        None
    } else {
        runtime.nodes.shared(local.number, is_full, || written::len(local), tag)
    };
    if let Some(node @ 1..) = shared {
        return Some((node - 1, false));
    }
    let cap = match room {
        Room::Ordinary => runtime.nodes.cap,
        Room::Beyond => runtime.nodes.cap.saturating_add(BEYOND),
    };
    let (index, place) = runtime.nodes.reserve(&runtime.file, cap)?;
    if depth > SHALLOW {
        // Relaxed: an amount.
        let rest = |left: u32| Some(left.saturating_sub(depth));
        _ = runtime.nodes.depths.fetch_update(Ordering::Relaxed, Ordering::Relaxed, rest);
    }
    let stack = match parent {
        0 => 0,
        _ => edge_stack::of_edge(local, parent, lock.class, lock.site_access),
    };
    let by = shared.is_none().then_some(local);
    // SAFETY: the node is fresh.
    unsafe { fill(place, by, [parent, lock.instance, lock.class, lock.site_access, stack], ticks) };
    if shared.is_some() {
        runtime.nodes.set_shared(tag, index + 1);
    }
    local.note_node();
    if parent != 0 {
        runtime.service.new_edges();
    }
    Some((index, true))
}

/// A further node for a chain that this thread has been through, now in another segment: between the two lies what other threads
/// did in between. `None` when the old one has to do.
#[cold]
pub(crate) fn renew(local: &Local, old: u32) -> Option<u32> {
    if local.segment.get() >= RENEWED_SEGMENTS {
        return None;
    }
    let nodes = &local.runtime.nodes;
    let place = nodes.place(old)?;
    // SAFETY: as in `view`. Relaxed: made by the calling thread, or shared and complete before its number was known.
    let word =
        |at: usize| unsafe { AtomicU32::from_ptr(place.add(at).cast()).load(Ordering::Relaxed) };
    if word(node::THREAD) != local.number || !nodes.spend(written::len(local)) {
        return None;
    }
    let what = [node::PARENT, node::INSTANCE, node::CLASS, node::SITE_ACCESS, node::STACK];
    let (index, place) = nodes.reserve(&local.runtime.file, nodes.cap)?;
    // SAFETY: the node is fresh.
    unsafe { fill(place, Some(local), what.map(word), clock::ticks()) };
    Some(index)
}

/// Makes a node complete; without a thread when it is shared.
///
/// # Safety
///
/// `place` is a node that was reserved and has not been filled: inside its chunk, aligned, mapped for ever, accessed by atomics only.
unsafe fn fill(place: *mut u8, by: Option<&Local>, what: [u32; 5], ticks: u64) {
    let [parent, instance, class, site_access, stack] = what;
    let (thread, clock, segment, last) = match by {
        None => (0, 0, 0, u32::MAX),
        Some(local) => {
            let segment = local.segment.get();
            (local.number, written::record(local), segment, segment)
        }
    };
    // SAFETY: by contract.
    // Relaxed, but READY with Release: whoever sees it sees the node.
    unsafe {
        let put = |at: usize, value: u32| {
            AtomicU32::from_ptr(place.add(at).cast()).store(value, Ordering::Relaxed)
        };
        put(node::THREAD, thread);
        put(node::PARENT, parent);
        put(node::INSTANCE, instance);
        put(node::CLASS, class);
        put(node::SITE_ACCESS, site_access);
        put(node::FIRST_CLOCK, clock);
        put(node::FIRST_SEGMENT, segment);
        put(node::STACK, stack);
        put(node::LAST_SEGMENT, last);
        AtomicU64::from_ptr(place.add(node::FIRST_TICKS).cast()).store(ticks, Ordering::Relaxed);
        AtomicU32::from_ptr(place.add(node::READY).cast()).store(1, Ordering::Release);
    }
}

// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! A request extends the chain of held locks; a chain that the thread has not been through becomes a node.

use super::moved;
use super::node::{self, New};
use super::strand;
use crate::rt::machine::clock;
use crate::rt::machine::room;
use crate::rt::object::Site;
use crate::rt::object::lock::{self, Lock};
use crate::rt::object::meta::Meta;
use crate::rt::shared::nodes::Room;
use crate::rt::thread::chain::{self, ChainPlace, DEEPEST, Entry};
use crate::rt::thread::local::Local;
use crate::rt::thread::out_of_order;
use std::sync::atomic::Ordering;
use syncscope_recording::layout::access;

/// A lock as it is requested.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    pub(crate) meta: &'a Meta,
    pub(crate) instance: u32,
    pub(crate) access: u8,
    pub(crate) site: Site,
    pub(crate) ticks: u64,
}

impl Local {
    /// Extends the chain by a request and makes sure that it is known. Gives the lock as the held stack has it, and the
    /// new chain.
    #[inline]
    pub(crate) fn extend(&self, request: &Request<'_>) -> (u64, u64) {
        let Request { meta, instance, access, site, .. } = *request;
        moved::settle(self);
        let lock = lock::word(instance, self.sites.get(self.runtime, site), access);
        if self.gaps.are_there() {
            out_of_order::close_for_nesting(self);
        }
        // Once: it lies in the recording, where somebody may write just now.
        let depth = self.depth();
        if depth as usize > DEEPEST {
            lose_deep(self, depth, instance);
            return (lock, chain::NONE);
        }
        let chain = self.chain_with(depth, lock);
        // A lock that is part of no nesting needs no node, unless it is a writer that may come between two readers.
        let outermost = depth == 0 && (access & access::SHARED != 0 || !meta.is_watched());
        if !outermost && self.is_in_job() {
            strand::settle(self);
        }
        if !outermost && !hit(self, chain) {
            new_chain(self, request, depth, (lock >> 32) as u32, chain);
        }
        (lock, chain)
    }

    /// A completed object of the `Once` family is used: makes sure that this chain is known, also where nothing is held.
    #[cold]
    pub(crate) fn request_use(&self, request: &Request<'_>) {
        if self.is_in_job() {
            strand::settle(self);
        }
        let site = self.sites.get(self.runtime, request.site);
        let lock = lock::word(request.instance, site, request.access);
        let depth = self.depth();
        if depth as usize > DEEPEST {
            return lose_deep(self, depth, request.instance);
        }
        let chain = self.chain_with(depth, lock);
        if !hit(self, chain) {
            new_chain(self, request, depth, (lock >> 32) as u32, chain);
        }
    }
}

/// Finds a chain and counts it; `false` when it is not known.
fn hit(local: &Local, tag: u64) -> bool {
    let Some(known) = local.table.find(tag) else { return false };
    if !known.count(local.segment.get()) {
        renew(local, known);
        known.count(local.segment.get());
    }
    true
}

/// A chain occurs in another segment than before: it goes on with a node of its own there, or with the old one. The occurrence
/// is not counted yet.
#[cold]
pub(crate) fn renew(local: &Local, known: ChainPlace) {
    #[cfg(feature = "accesses")]
    local.atomics.nests(local.segment.get());
    let count_segment = known.count_segment();
    // Relaxed: see `count_segment`.
    let last = count_segment.load(Ordering::Relaxed);
    let (mut count, segment) = (last as u32, (last >> 32) as u32);
    let node = local.table.node(known);
    // Relaxed: as the count. But Release for the fresh node: who finds it finds the last segment of the old one, of which all
    // depends; a kill before the counts follow loses some.
    let old = node.load(Ordering::Relaxed).checked_sub(1);
    let renewed = |old| room::with_room(|| node::renew(local, old)).flatten();
    let fresh = old.and_then(renewed);
    if let (Some(old), Some(fresh)) = (old, fresh) {
        local.runtime.nodes.fold(old, 0, segment);
        node.store(fresh + 1, Ordering::Release);
        local.runtime.nodes.fold(old, count, segment);
        count = 0;
    }
    let now = u64::from(count) | u64::from(local.segment.get()) << 32;
    // Relaxed: see `count_segment`.
    count_segment.store(now, Ordering::Relaxed);
}

impl Local {
    /// This lock, the newest, was acquired after a wait, and its nesting was recorded when the wait began, too: it occurred once.
    #[cold]
    pub(crate) fn count_once(&self, instance: u32) {
        let depth = self.depth();
        if (2..=DEEPEST as u32).contains(&depth)
            && self.instance_at(depth as usize - 1) == instance
            && let Some(place) = self.table.find(self.chain_at(depth))
        {
            place.count_once();
        }
    }
}

/// A nesting too far inside. A lock that is taken again and again, as readers do, orders nothing new.
#[cold]
fn lose_deep(local: &Local, depth: u32, instance: u32) {
    let top = depth.saturating_sub(1) as usize;
    if local.instance_at(top) != instance {
        local.lose();
    }
}

/// A chain that this thread has not been through, of a lock inside of so many others.
#[cold]
fn new_chain(local: &Local, request: &Request<'_>, depth: u32, site_access: u32, tag: u64) {
    let lock = Lock { instance: request.instance, class: request.meta.class(), site_access };
    if local.leaves_out(depth, lock, tag) {
        return local.lose();
    }
    let added = room::with_room(|| add_chain(local, request, depth, lock, tag));
    if added.is_none() {
        local.lose();
    }
}

fn add_chain(local: &Local, request: &Request<'_>, depth: u32, lock: Lock, tag: u64) {
    let Some(room) = local.keeps(depth, lock, tag) else { return };
    let node = parent_node(local, depth, room).and_then(|parent| {
        node::add(local, New { parent, lock, tag, ticks: request.ticks, depth }, room)
    });
    let Some((node, is_fresh)) = node else { return local.lose() };
    local.runtime.nodes.note_address(node, std::ptr::from_ref(request.meta).addr());
    if is_fresh {
        local.note_kept(depth, lock);
    }
    if request.access & access::SHARED != 0 {
        request.meta.watch();
    }
    let entry = Entry { node: node + 1, count: 1, segment: local.segment.get() };
    local.table.insert((local.runtime, local.number), tag, entry);
    #[cfg(feature = "accesses")]
    local.atomics.nests(local.segment.get());
}

/// Whether a nesting that the thread has not been through, of a lock in the first `depth` held ones, is left out as far as it has at
/// hand. Then it is counted as lost.
#[inline(always)]
pub(crate) fn is_left_out(local: &Local, depth: u32, class: u32, lock: u64, chain: u64) -> bool {
    let lock = Lock { instance: lock as u32, class, site_access: (lock >> 32) as u32 };
    let is_left_out = local.leaves_out(depth, lock, chain);
    if is_left_out {
        local.lose();
    }
    is_left_out
}

/// Node + 1 of the chain of the first `depth` held locks, making it and those below it if need be, though they were left out when
/// they came: 0 for an empty chain, `None` when there is no room.
#[cold]
fn parent_node(local: &Local, depth: u32, room: Room) -> Option<u32> {
    // Nearly always the innermost has one. A loop, since the stack may be a thousand deep.
    let known = (1..=depth)
        .rev()
        .find_map(|depth| Some((depth, local.table.node_of(local.chain_at(depth))?)));
    let (known, mut parent) = known.unwrap_or((0, 0));
    for index in known..depth {
        let tag = local.chain_at(index + 1);
        let lock = local.lock_at(index as usize);
        let ticks = clock::ticks();
        let new = New { parent, lock, tag, ticks, depth: index };
        parent = node::add(local, new, room)?.0 + 1;
        let entry = Entry { node: parent, count: 1, segment: local.segment.get() };
        local.table.insert((local.runtime, local.number), tag, entry);
    }
    Some(parent)
}

// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! The chain cache: which nestings this thread has been through.
//!
//! The locks a thread holds, in order, with how and where each was taken, are a *chain*; it is kept as one hash that a
//! push extends and a pop restores. A table of the thread's own maps the hash of each chain it has been through to its
//! node. In the steady state every acquisition is a hit: nothing shared is read or written.
//!
//! The table lies in the recording: it carries how often and when each chain was last seen, which so survives a kill.

use super::held::Entry;
use super::hook::Site;
use super::local::Local;
use super::meta::Meta;
use std::cell::Cell;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use syncscope_recording::layout::{access, chain, chunk, header};
use syncscope_recording::writer::Chunk;

/// The chain of a thread that holds nothing.
pub(super) const ROOT: u64 = 0x9E37_79B9_7F4A_7C15;

/// Odd, with its bits well spread.
const MULTIPLIER: u64 = 0xD6E8_FEB8_6659_FD93;

/// Part of an operand whose lock was not requested in this chain (it became one by an out-of-order release).
pub(super) const DERIVED: u64 = 1 << 63;

/// Entries of a first table: one page.
const FIRST_CAPACITY: usize = 64;

/// One thread's table.
#[derive(Debug)]
pub(super) struct Table {
    entries: Cell<*mut u8>,
    mask: Cell<u64>,
    used: Cell<u32>,
    chunk: Cell<Option<Chunk>>,
}

/// What an empty table points to: one free entry.
static EMPTY: [AtomicU64; chain::SIZE / 8] = [const { AtomicU64::new(0) }; chain::SIZE / 8];

/// Extends a chain. Never 0, which marks a free entry.
#[inline]
pub(super) fn mix(chain: u64, operand: u64) -> u64 {
    let mixed = (chain ^ operand).wrapping_mul(MULTIPLIER);
    (mixed ^ mixed >> 32).max(1)
}

/// The operand by which `mix` makes `after` from `before`. (Not exact where `mix` avoided 0: then the chain is one that was
/// never seen, which costs a node.)
#[cold]
pub(super) fn unmix(before: u64, after: u64) -> u64 {
    // The inverse of `MULTIPLIER` modulo 2^64, by Newton's iteration.
    let inverse = (0..6).fold(MULTIPLIER, |inverse: u64, _| {
        inverse.wrapping_mul(2_u64.wrapping_sub(MULTIPLIER.wrapping_mul(inverse)))
    });
    (after ^ after >> 32).wrapping_mul(inverse) ^ before
}

/// What a lock adds to a chain.
#[inline]
pub(super) fn operand(instance: u32, access: u8, site: Site) -> u64 {
    let place = (std::ptr::from_ref(site) as u64 >> 3).wrapping_mul(0xA24B_AED4_963E_E407);
    ((place << 24) ^ (u64::from(instance) << 5) ^ u64::from(access)) & !DERIVED
}

impl Table {
    pub(super) const fn new() -> Self {
        Self {
            entries: Cell::new(EMPTY.as_ptr().cast_mut().cast()),
            mask: Cell::new(0),
            used: Cell::new(0),
            chunk: Cell::new(None),
        }
    }

    /// Finds a chain and counts it. Gives its node + 1 and its site and access.
    #[inline(always)]
    pub(super) fn hit(&self, tag: u64, segment: u32, ticks: u64) -> Option<(u32, u32)> {
        let place = self.find(tag)?;
        // SAFETY: `find` gives entries of the table: aligned, mapped for ever, accessed by atomics only.
        // Relaxed: written by this thread only; readers of the recording take what is there.
        unsafe {
            let count = AtomicU32::from_ptr(place.add(chain::COUNT).cast());
            count.store(count.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
            AtomicU32::from_ptr(place.add(chain::LAST_SEGMENT).cast())
                .store(segment, Ordering::Relaxed);
            AtomicU64::from_ptr(place.add(chain::LAST_TICKS).cast())
                .store(ticks, Ordering::Relaxed);
            Some((
                AtomicU32::from_ptr(place.add(chain::NODE).cast()).load(Ordering::Relaxed),
                AtomicU32::from_ptr(place.add(chain::SITE_ACCESS).cast()).load(Ordering::Relaxed),
            ))
        }
    }

    #[inline(always)]
    fn find(&self, tag: u64) -> Option<*mut u8> {
        let mut index = tag & self.mask.get();
        loop {
            // SAFETY: the index is masked to the table's capacity. Relaxed: written by this thread only.
            let (place, found) = unsafe {
                let place = self.entries.get().add(index as usize * chain::SIZE);
                (place, AtomicU64::from_ptr(place.add(chain::TAG).cast()).load(Ordering::Relaxed))
            };
            if found == tag {
                return Some(place);
            }
            if found == 0 {
                return None;
            }
            index = (index + 1) & self.mask.get();
        }
    }

    /// Node + 1 of a chain, without counting.
    #[cold]
    fn node_of(&self, tag: u64) -> Option<u32> {
        // SAFETY: as in `hit`.
        self.find(tag).map(|place| unsafe {
            AtomicU32::from_ptr(place.add(chain::NODE).cast()).load(Ordering::Relaxed)
        })
    }

    #[cold]
    fn insert(&self, local: &Local, tag: u64, entry: [u32; 4], ticks: u64) {
        let capacity = if self.chunk.get().is_some() { self.mask.get() + 1 } else { 0 };
        if u64::from(self.used.get() + 1) * 2 > capacity && !self.grow(local, capacity as usize) {
            // Without a table the next occurrence takes the slow path again and finds its node by the chain's hash.
            return;
        }
        self.used.set(self.used.get() + 1);
        self.put(tag, entry, ticks);
    }

    fn put(&self, tag: u64, [node, site_access, count, segment]: [u32; 4], ticks: u64) {
        let mut index = tag & self.mask.get();
        loop {
            // SAFETY: as in `find`. Relaxed, but for the tag, which is stored last with Release: a reader of the live mapping
            // that sees the tag sees the entry.
            unsafe {
                let place = self.entries.get().add(index as usize * chain::SIZE);
                let slot = AtomicU64::from_ptr(place.add(chain::TAG).cast());
                if slot.load(Ordering::Relaxed) == 0 {
                    AtomicU32::from_ptr(place.add(chain::NODE).cast())
                        .store(node, Ordering::Relaxed);
                    AtomicU32::from_ptr(place.add(chain::SITE_ACCESS).cast())
                        .store(site_access, Ordering::Relaxed);
                    AtomicU32::from_ptr(place.add(chain::COUNT).cast())
                        .store(count, Ordering::Relaxed);
                    AtomicU32::from_ptr(place.add(chain::LAST_SEGMENT).cast())
                        .store(segment, Ordering::Relaxed);
                    AtomicU64::from_ptr(place.add(chain::LAST_TICKS).cast())
                        .store(ticks, Ordering::Relaxed);
                    slot.store(tag, Ordering::Release);
                    return;
                }
            }
            index = (index + 1) & self.mask.get();
        }
    }

    /// Four times the room. Counts move to the new table; the old chunk goes back to the pool.
    #[cold]
    fn grow(&self, local: &Local, old_capacity: usize) -> bool {
        let capacity = if old_capacity == 0 { FIRST_CAPACITY } else { old_capacity * 4 };
        let bytes = chunk::PAYLOAD + capacity * chain::SIZE;
        let Some(chunk) = local.runtime.tables.take(&local.runtime.file, bytes, local.number)
        else {
            return false;
        };
        let old = self.chunk.replace(Some(chunk));
        let (old_entries, old_mask) = (self.entries.get(), self.mask.get());
        // SAFETY: the payload is inside the chunk.
        self.entries.set(unsafe { chunk.as_ptr().add(chunk::PAYLOAD) });
        self.mask.set(capacity as u64 - 1);
        if let Some(old) = old {
            for index in 0..=old_mask {
                // SAFETY: the index is below the old capacity.
                let (tag, entry, ticks) =
                    unsafe { read(old_entries.add(index as usize * chain::SIZE)) };
                if tag != 0 {
                    self.put(tag, entry, ticks);
                }
            }
            // First the old one goes: a kill between the two stores loses counts rather than doubling them.
            local.runtime.tables.give_back(old);
        }
        // Release: a reader that finds the table in use finds its entries.
        chunk.u64(chunk::USED).store(capacity as u64, Ordering::Release);
        true
    }

    /// Folds all counts into the nodes and gives the table back: the thread has ended.
    #[cold]
    pub(super) fn fold(&self, local: &Local) {
        let Some(chunk) = self.chunk.take() else { return };
        for index in 0..=self.mask.get() {
            // SAFETY: the index is below the capacity.
            let (tag, [node, _, count, segment], ticks) =
                unsafe { read(self.entries.get().add(index as usize * chain::SIZE)) };
            if tag != 0 && node != 0 {
                local.runtime.nodes.fold(node - 1, count, segment, ticks);
            }
        }
        // Release: the counts are in the nodes before a reader of the live mapping finds the table gone.
        chunk.u64(chunk::USED).store(0, Ordering::Release);
        local.runtime.tables.give_back(chunk);
        self.entries.set(EMPTY.as_ptr().cast_mut().cast());
        self.mask.set(0);
    }
}

/// Reads an entry.
///
/// # Safety
///
/// `place` is an entry of a table.
unsafe fn read(place: *mut u8) -> (u64, [u32; 4], u64) {
    // SAFETY: by contract. Relaxed: written by this thread.
    unsafe {
        let word = |at| AtomicU32::from_ptr(place.add(at).cast()).load(Ordering::Relaxed);
        (
            AtomicU64::from_ptr(place.add(chain::TAG).cast()).load(Ordering::Relaxed),
            [
                word(chain::NODE),
                word(chain::SITE_ACCESS),
                word(chain::COUNT),
                word(chain::LAST_SEGMENT),
            ],
            AtomicU64::from_ptr(place.add(chain::LAST_TICKS).cast()).load(Ordering::Relaxed),
        )
    }
}

/// A lock as it is requested.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request<'a> {
    pub(super) meta: &'a Meta,
    pub(super) instance: u32,
    pub(super) access: u8,
    pub(super) site: Site,
    pub(super) ticks: u64,
}

impl Local {
    /// Extends the chain by a request and makes sure that it is known. Gives the entry to push and the new chain.
    ///
    /// Inlined by force: returned through memory, the entry would cost a stalled load (narrow stores, wide load).
    #[inline(always)]
    pub(super) fn extend(&self, request: &Request<'_>) -> (Entry, u64) {
        let Request { meta, instance, access, site, ticks } = *request;
        let chain = mix(self.chain(), operand(instance, access, site));
        let (node, site_access) =
            if self.depth() == 0 && (access & access::SHARED != 0 || !meta.is_watched()) {
                // A lock that is part of no nesting needs no node.
                (0, self.sites.get(self.runtime, site) | u32::from(access) << 24)
            } else {
                match self.table.hit(chain, self.segment.get(), ticks) {
                    Some(found) => found,
                    None => new_chain(self, request, chain),
                }
            };
        (Entry { instance, site_access, class: meta.class(), node, ticks }, chain)
    }
}

/// A chain that this thread has not been through.
#[cold]
fn new_chain(local: &Local, request: &Request<'_>, tag: u64) -> (u32, u32) {
    let site_access =
        local.sites.get(local.runtime, request.site) | u32::from(request.access) << 24;
    let parent = parent_node(local, local.depth());
    let node = match parent {
        Some(parent) => super::nodes::add(
            local,
            parent,
            request.instance,
            request.meta.class(),
            site_access,
            tag,
            request.ticks,
        ),
        None => None,
    };
    let node = match node {
        Some(node) => node + 1,
        None => {
            local.runtime.file.count(header::LOST_NODES, 1);
            0
        }
    };
    if node != 0 && request.access & access::SHARED != 0 {
        request.meta.watch();
    }
    local.table.insert(local, tag, [node, site_access, 1, local.segment.get()], request.ticks);
    (node, site_access)
}

/// Node + 1 of the chain of the first `depth` held locks, making it and those below it if need be: 0 for an empty chain, `None`
/// when a cap refuses it.
#[cold]
fn parent_node(local: &Local, depth: u32) -> Option<u32> {
    // Upwards from the outermost lock: a loop, since the stack may be a thousand deep.
    let mut parent = 0;
    for index in 0..depth as usize {
        let frame = local.frame(index);
        if frame.node == 0 {
            let tag = local.frame(index + 1).below;
            let node = match local.table.node_of(tag) {
                Some(node) => node,
                None => {
                    let mut site_access = local.site_access_at(index);
                    if unmix(frame.below, tag) & DERIVED != 0 {
                        site_access |= u32::from(access::TRY) << 24;
                    }
                    let ticks = super::clock::ticks();
                    let node = super::nodes::add(
                        local,
                        parent,
                        local.instance_at(index),
                        frame.class,
                        site_access,
                        tag,
                        ticks,
                    )? + 1;
                    local.table.insert(
                        local,
                        tag,
                        [node, site_access, 1, local.segment.get()],
                        ticks,
                    );
                    node
                }
            };
            local.set_node(index, node);
            if node == 0 {
                return None;
            }
            parent = node;
        } else {
            parent = frame.node;
        }
    }
    Some(parent)
}

// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! The chain cache: which nestings this thread has been through.
//!
//! The locks a thread holds, in order, with how and where each was taken, are a *chain*; it is kept as one hash that a
//! push extends and a pop restores. A table of the thread's own maps the hash of each chain it has been through to its
//! node. In the steady state every acquisition is a hit: nothing shared is read or written.
//!
//! The table lies in the recording: it carries how often and when each chain was last seen, which so survives a kill.

use super::held::Lock;
use super::hook::Site;
use super::local::Local;
use super::meta::Meta;
use std::cell::Cell;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use syncscope_recording::layout::{access, chain, chunk, header, slot};
use syncscope_recording::writer::Chunk;

/// The chain of a thread that holds nothing.
pub(super) const ROOT: u64 = 0x9E37_79B9_7F4A_7C15;

/// Odd, with its bits well spread.
const MULTIPLIER: u64 = 0xD6E8_FEB8_6659_FD93;

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

/// Extends a chain by a lock: which, where and how it was taken, as the word that the held stack has of it. Never 0, which
/// marks a free entry.
#[inline]
pub(super) fn mix(chain: u64, lock: u64) -> u64 {
    let mixed = (chain ^ lock).wrapping_mul(MULTIPLIER);
    (mixed ^ mixed >> 32).max(1)
}

/// A chain that the thread has been through.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) depth: u32,
    pub(super) chain: u64,
    /// The lock as the held stack has it.
    pub(super) lock: u64,
    /// Its entry in the table.
    entry: *mut u8,
}

impl Local {
    /// The chain of the held locks, of which there are some, with this exclusive one, if the thread has been through it.
    #[inline(always)]
    pub(super) fn known_chain(&self, instance: u32, site: Site) -> Option<Known> {
        let depth = self.depth();
        if depth as usize >= slot::HELD_INLINE {
            return None;
        }
        let lock = u64::from(instance) | u64::from(self.sites.cached(site)?) << 32;
        let chain = mix(self.chain_at(depth), lock);
        Some(Known { depth, chain, lock, entry: self.table.find(chain)? })
    }

    /// Counts a known chain.
    #[inline(always)]
    pub(super) fn count_known(&self, known: &Known, ticks: u64) {
        // SAFETY: an entry of the table, see `known_chain`.
        if !unsafe { count_entry(known.entry, self.segment.get(), ticks) } {
            renew(self, known.entry, ticks);
        }
    }
}

/// Counts an occurrence of a chain if the last one was in the same segment, and tells whether it was.
///
/// # Safety
///
/// `place` is an entry of the calling thread's table.
#[inline(always)]
unsafe fn count_entry(place: *mut u8, segment: u32, ticks: u64) -> bool {
    // SAFETY: by contract. Relaxed: written by this thread only; readers of the recording take what is there.
    unsafe {
        let count_segment = AtomicU64::from_ptr(place.add(chain::COUNT).cast());
        let last = count_segment.load(Ordering::Relaxed);
        if (last >> 32) as u32 != segment {
            return false;
        }
        let count = (last as u32).wrapping_add(1);
        count_segment.store(u64::from(count) | u64::from(segment) << 32, Ordering::Relaxed);
        AtomicU64::from_ptr(place.add(chain::LAST_TICKS).cast()).store(ticks, Ordering::Relaxed);
        true
    }
}

const _: () = assert!(chain::LAST_SEGMENT == chain::COUNT + 4);

/// A chain occurs in another segment than before: it goes on with a node of its own there, or with the old one.
#[cold]
fn renew(local: &Local, place: *mut u8, ticks: u64) {
    // SAFETY: an entry of the calling thread's table. Relaxed: written by this thread only; readers of the recording take what
    // is there. But Release for the node: who finds the fresh one finds the last segment of the old one, of which all depends; a
    // kill before the counts follow loses some.
    unsafe {
        let (_, [node, _, count, last], last_ticks) = read(place);
        let word = |at| AtomicU32::from_ptr(place.add(at).cast());
        let old = node.checked_sub(1);
        let fresh = old.and_then(|old| super::nodes::renew(local, old, ticks));
        let mut count = count;
        if let (Some(old), Some(fresh)) = (old, fresh) {
            local.runtime.nodes.fold(old, 0, last, last_ticks);
            word(chain::NODE).store(fresh + 1, Ordering::Release);
            local.runtime.nodes.fold(old, count, last, last_ticks);
            count = 0;
        }
        word(chain::COUNT).store(count.wrapping_add(1), Ordering::Relaxed);
        word(chain::LAST_SEGMENT).store(local.segment.get(), Ordering::Relaxed);
        AtomicU64::from_ptr(place.add(chain::LAST_TICKS).cast()).store(ticks, Ordering::Relaxed);
    }
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

    /// Finds a chain and counts it; `false` when it is not known.
    #[inline(always)]
    fn hit(&self, local: &Local, tag: u64, ticks: u64) -> bool {
        let found = self.find(tag);
        if let Some(place) = found
            // SAFETY: `find` gives entries of this table.
            && !unsafe { count_entry(place, local.segment.get(), ticks) }
        {
            renew(local, place, ticks);
        }
        found.is_some()
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
        // SAFETY: as in `hit`. Relaxed: written by this thread.
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
    /// Extends the chain by a request and makes sure that it is known. Gives the lock as the held stack has it, and the
    /// new chain.
    #[inline]
    pub(super) fn extend(&self, request: &Request<'_>) -> (u64, u64) {
        let Request { meta, instance, access, site, ticks } = *request;
        let site_access = self.sites.get(self.runtime, site) | u32::from(access) << 24;
        let lock = u64::from(instance) | u64::from(site_access) << 32;
        let chain = mix(self.chain_at(self.depth()), lock);
        // A lock that is part of no nesting needs no node, unless it is a writer that may come between two readers.
        let outermost = self.depth() == 0 && (access & access::SHARED != 0 || !meta.is_watched());
        if !outermost && !self.table.hit(self, chain, ticks) {
            new_chain(self, request, site_access, chain);
        }
        (lock, chain)
    }
}

/// A chain that this thread has not been through.
#[cold]
fn new_chain(local: &Local, request: &Request<'_>, site_access: u32, tag: u64) {
    let parent = parent_node(local, local.depth());
    let lock = Lock { instance: request.instance, class: request.meta.class(), site_access };
    let node = parent.and_then(|parent| super::nodes::add(local, parent, lock, tag, request.ticks));
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
}

/// Node + 1 of the chain of the first `depth` held locks, making it and those below it if need be: 0 for an empty chain, `None`
/// when a cap refuses it.
#[cold]
fn parent_node(local: &Local, depth: u32) -> Option<u32> {
    // Upwards from the outermost lock: a loop, since the stack may be a thousand deep.
    let mut parent = 0;
    for index in 0..depth {
        let tag = local.chain_at(index + 1);
        parent = match local.table.node_of(tag) {
            Some(node) => node,
            None => {
                let lock = local.lock_at(index as usize);
                let ticks = super::clock::ticks();
                let node = super::nodes::add(local, parent, lock, tag, ticks)? + 1;
                let entry = [node, lock.site_access, 1, local.segment.get()];
                local.table.insert(local, tag, entry, ticks);
                node
            }
        };
        if parent == 0 {
            return None;
        }
    }
    Some(parent)
}

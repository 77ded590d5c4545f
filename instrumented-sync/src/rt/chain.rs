// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! The chain cache: which nestings this thread has been through.
//!
//! The locks a thread holds, in order, with how and where each was taken, are a *chain*; it is kept as one hash that a
//! push extends and a pop restores. A table of the thread's own maps the hash of each chain it has been through to its
//! node. In the steady state every acquisition is a hit: nothing shared is read or written.
//!
//! The table lies in the recording: it carries how often each chain was seen and in which segment last, which so survives a kill.
//! Others may write there, too, by accident: so where it is and how large is kept elsewhere, and no search goes on for ever.

use super::held::{self, Lock};
use super::hook::Site;
use super::local::Local;
use super::meta::Meta;
use super::nodes::{New, RENEWED_SEGMENTS, Room};
use super::out_of_order;
use std::cell::Cell;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use syncscope_recording::layout::{access, chain, chunk};
use syncscope_recording::writer::Chunk;

/// Odd, with their bits well spread.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
const MULTIPLIER: u64 = 0xD6E8_FEB8_6659_FD93;

/// Where the bits of a chain begin that a table's index is made of: the lower ones of a product depend on little.
pub(super) const INDEX: u32 = 32;

/// Nestings are recorded in the outermost so many locks: a node has all locks above it as its evidence, so what it takes to judge them
/// grows with the square of the depth. Those further inside are counted as lost.
pub(super) const DEEPEST: usize = 1024;

/// Entries of a first table: with its chunk's header a little more than a page.
const FIRST_CAPACITY: usize = 128;

/// Places that are looked at for a chain. More than a table has in a row that is filled as [`most`] says; one that somebody else
/// has written to may have no free place at all.
const PLACES: u64 = 1024;

/// One thread's table.
#[derive(Debug)]
pub(super) struct Table {
    entries: Cell<*mut u8>,
    mask: Cell<u64>,
    used: Cell<u32>,
    chunk: Cell<Option<Chunk>>,
    /// There was no room for a larger one.
    full: Cell<bool>,
}

/// What an empty table points to: one free entry.
static EMPTY: [AtomicU64; chain::SIZE / 8] = [const { AtomicU64::new(0) }; chain::SIZE / 8];

/// The chain of one lock: which, where and how it was taken, as the word that the held stack has of it. Mixed only as far as it
/// takes for the next lock to be mixed in.
#[inline(always)]
pub(super) fn outermost(lock: u64) -> u64 {
    lock.wrapping_mul(SPREAD)
}

/// Extends a chain by a lock. Never 0, which marks a free entry: for that one bit is always set, which no table's index depends on.
#[inline(always)]
pub(super) fn mix(chain: u64, lock: u64) -> u64 {
    let mixed = (chain ^ lock).wrapping_mul(MULTIPLIER);
    mixed | 1
}

/// The chain that a thread has been through, as its table has it: an entry.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub(super) struct Known(*mut u8);

impl Known {
    /// Counts an occurrence. `false`, and nothing is counted, when the last one was in another segment and the chain may get a
    /// node of its own in this one, see [`renew`].
    #[inline(always)]
    pub(super) fn count(self, segment: u32) -> bool {
        let count_segment = self.count_segment();
        // Relaxed: see `count_segment`.
        let last = count_segment.load(Ordering::Relaxed);
        if (last >> 32) as u32 != segment && segment < RENEWED_SEGMENTS {
            return false;
        }
        let count = (last as u32).wrapping_add(1);
        // Relaxed: as above.
        count_segment.store(u64::from(count) | u64::from(segment) << 32, Ordering::Relaxed);
        true
    }

    /// Count (low half) and last segment (high half). Written by the table's thread only; readers of the recording take what is
    /// there.
    #[inline(always)]
    fn count_segment(&self) -> &AtomicU64 {
        // SAFETY: an entry of a table, see `Table::find`: aligned, mapped for ever, accessed by atomics only.
        unsafe { AtomicU64::from_ptr(self.0.add(chain::COUNT).cast()) }
    }
}

const _: () = assert!(chain::LAST_SEGMENT == chain::COUNT + 4);

/// Chains that a table of this capacity takes. While it fits into a cache, half of it: a chain that is not at its first place costs
/// a branch that was not foreseen, as much as all the rest. A larger one costs a miss, and the more the larger it is.
const fn most(capacity: u64) -> u64 {
    let fits = capacity * (chain::SIZE as u64) <= 1 << 20;
    if fits { capacity / 2 } else { capacity / 4 * 3 }
}

/// Bytes of the chunk of a table.
const fn chunk_bytes(capacity: usize) -> usize {
    chunk::PAYLOAD + capacity * (chain::SIZE + chain::NODE_SIZE)
}

/// A chain occurs in another segment than before: it goes on with a node of its own there, or with the old one. The occurrence
/// is not counted yet.
#[cold]
pub(super) fn renew(local: &Local, known: Known) {
    let count_segment = known.count_segment();
    // Relaxed: see `count_segment`.
    let last = count_segment.load(Ordering::Relaxed);
    let (mut count, segment) = (last as u32, (last >> 32) as u32);
    let node = local.table.node(known);
    // Relaxed: as the count. But Release for the fresh node: who finds it finds the last segment of the old one, of which all
    // depends; a kill before the counts follow loses some.
    let old = node.load(Ordering::Relaxed).checked_sub(1);
    let renewed = |old| super::room::with_room(|| super::nodes::renew(local, old)).flatten();
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

impl Table {
    pub(super) const fn new() -> Self {
        Self {
            entries: Cell::new(EMPTY.as_ptr().cast_mut().cast()),
            mask: Cell::new(0),
            used: Cell::new(0),
            chunk: Cell::new(None),
            full: Cell::new(false),
        }
    }

    /// Whether there are chains that it could not keep.
    pub(super) fn is_full(&self) -> bool {
        self.full.get()
    }

    /// Finds a chain and counts it; `false` when it is not known.
    fn hit(&self, local: &Local, tag: u64) -> bool {
        let Some(known) = self.find(tag) else { return false };
        if !known.count(local.segment.get()) {
            renew(local, known);
            known.count(local.segment.get());
        }
        true
    }

    /// Finds a chain.
    #[inline(always)]
    pub(super) fn find(&self, tag: u64) -> Option<Known> {
        let mut index = tag >> INDEX & self.mask.get();
        let (place, found) = self.place(index);
        if found == tag {
            return Some(Known(place));
        }
        if found == 0 {
            return None;
        }
        // Counted only from here on: most are at their first place.
        for _ in 1..PLACES {
            index = (index + 1) & self.mask.get();
            let (place, found) = self.place(index);
            if found == tag {
                return Some(Known(place));
            }
            if found == 0 {
                return None;
            }
        }
        None
    }

    /// A place, whose index is masked to the capacity, and the tag that it has.
    #[inline(always)]
    fn place(&self, index: u64) -> (*mut u8, u64) {
        // SAFETY: the index is masked to the table's capacity. Relaxed: written by this thread only.
        unsafe {
            let place = self.entries.get().add(index as usize * chain::SIZE);
            (place, AtomicU64::from_ptr(place.add(chain::TAG).cast()).load(Ordering::Relaxed))
        }
    }

    /// Node + 1 of a chain, without counting.
    #[cold]
    fn node_of(&self, tag: u64) -> Option<u32> {
        // Relaxed: written by this thread.
        self.find(tag).map(|known| self.node(known).load(Ordering::Relaxed))
    }

    /// The number of the node of an entry: behind all entries, since only the slow path needs it.
    #[cold]
    fn node(&self, Known(entry): Known) -> &'static AtomicU32 {
        let entries = self.entries.get();
        let index = (entry as usize - entries as usize) / chain::SIZE;
        let capacity = self.mask.get() as usize + 1;
        // SAFETY: a table that has an entry has a chunk, which is large enough, see `chunk_bytes`; mapped for ever, atomics only.
        unsafe {
            AtomicU32::from_ptr(
                entries.add(capacity * chain::SIZE + index * chain::NODE_SIZE).cast(),
            )
        }
    }

    #[cold]
    fn insert(&self, local: &Local, tag: u64, entry: Entry) {
        let capacity = if self.chunk.get().is_some() { self.mask.get() + 1 } else { 0 };
        if u64::from(self.used.get()) >= most(capacity) && !self.grow(local, capacity as usize) {
            // From now on only what is new to all threads is kept, see [`super::kinds`].
            self.full.set(true);
            return;
        }
        self.used.set(self.used.get() + 1);
        self.put(tag, entry);
    }

    fn put(&self, tag: u64, entry: Entry) {
        let first = tag >> INDEX;
        let mut free = (first..first + PLACES).map(|index| self.place(index & self.mask.get()));
        let Some((place, _)) = free.find(|(_, found)| *found == 0) else {
            return self.full.set(true);
        };
        // Relaxed: published by the tag.
        self.node(Known(place)).store(entry.node, Ordering::Relaxed);
        // SAFETY: as in `place`.
        // Relaxed, but for the tag, which is stored last with Release: a reader of the live mapping that sees the tag sees the entry.
        unsafe {
            AtomicU32::from_ptr(place.add(chain::COUNT).cast())
                .store(entry.count, Ordering::Relaxed);
            AtomicU32::from_ptr(place.add(chain::LAST_SEGMENT).cast())
                .store(entry.segment, Ordering::Relaxed);
            AtomicU64::from_ptr(place.add(chain::TAG).cast()).store(tag, Ordering::Release);
        }
    }

    /// Twice the room. Counts move to the new table; the old chunk goes back to the pool.
    #[cold]
    fn grow(&self, local: &Local, old_capacity: usize) -> bool {
        let capacity = if old_capacity == 0 { FIRST_CAPACITY } else { old_capacity * 2 };
        let bytes = chunk_bytes(capacity);
        let Some(chunk) = local.runtime.tables.take(&local.runtime.file, bytes, local.number)
        else {
            return false;
        };
        let known = self.all();
        let old = self.chunk.replace(Some(chunk));
        // SAFETY: the payload is inside the chunk.
        self.entries.set(unsafe { chunk.as_ptr().add(chunk::PAYLOAD) });
        self.mask.set(capacity as u64 - 1);
        if let Some(old) = old {
            known.into_iter().for_each(|(tag, entry)| self.put(tag, entry));
            // First the old one goes: a kill between the two stores loses counts rather than doubling them.
            local.runtime.tables.give_back(old);
        }
        // Release: a reader that finds the table in use finds its entries.
        chunk.u64(chunk::USED).store(capacity as u64, Ordering::Release);
        true
    }

    /// All entries.
    #[cold]
    fn all(&self) -> Vec<(u64, Entry)> {
        if self.chunk.get().is_none() {
            return Vec::new();
        }
        let entry = |index: u64| {
            // SAFETY: the index is below the capacity. Relaxed: written by this thread.
            unsafe {
                let place = self.entries.get().add(index as usize * chain::SIZE);
                let word = |at| AtomicU32::from_ptr(place.add(at).cast()).load(Ordering::Relaxed);
                let entry = Entry {
                    node: self.node(Known(place)).load(Ordering::Relaxed),
                    count: word(chain::COUNT),
                    segment: word(chain::LAST_SEGMENT),
                };
                (AtomicU64::from_ptr(place.add(chain::TAG).cast()).load(Ordering::Relaxed), entry)
            }
        };
        (0..=self.mask.get()).map(entry).filter(|(tag, _)| *tag != 0).collect()
    }

    /// Folds all counts into the nodes and gives the table back: the thread has ended.
    #[cold]
    pub(super) fn fold(&self, local: &Local) {
        for (_, entry) in self.all() {
            if entry.node != 0 {
                local.runtime.nodes.fold(entry.node - 1, entry.count, entry.segment);
            }
        }
        let Some(chunk) = self.chunk.take() else { return };
        // Release: the counts are in the nodes before a reader of the live mapping finds the table gone.
        chunk.u64(chunk::USED).store(0, Ordering::Release);
        local.runtime.tables.give_back(chunk);
        self.entries.set(EMPTY.as_ptr().cast_mut().cast());
        self.mask.set(0);
    }
}

/// What the table knows of a chain.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Index + 1; 0: a cap refused it.
    node: u32,
    count: u32,
    segment: u32,
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
        let Request { meta, instance, access, site, .. } = *request;
        super::moved::settle(self);
        let lock = held::word(instance, self.sites.get(self.runtime, site), access);
        if self.gaps.are_there() {
            out_of_order::close_for_nesting(self);
        }
        if self.depth() as usize > DEEPEST {
            lose_deep(self, instance);
            return (lock, NONE);
        }
        let chain = self.chain_with(self.depth(), lock);
        // A lock that is part of no nesting needs no node, unless it is a writer that may come between two readers.
        let outermost = self.depth() == 0 && (access & access::SHARED != 0 || !meta.is_watched());
        if !outermost && !self.table.hit(self, chain) {
            new_chain(self, request, (lock >> 32) as u32, chain);
        }
        (lock, chain)
    }

    /// A completed object of the `Once` family is used: makes sure that this chain is known, also where nothing is held.
    #[cold]
    pub(super) fn request_use(&self, request: &Request<'_>) {
        let site = self.sites.get(self.runtime, request.site);
        let lock = held::word(request.instance, site, request.access);
        let chain = self.chain_with(self.depth(), lock);
        if !self.table.hit(self, chain) {
            new_chain(self, request, (lock >> 32) as u32, chain);
        }
    }
}

/// In the place of a chain that nobody asks for.
const NONE: u64 = 1;

/// A nesting too far inside. A lock that is taken again and again, as readers do, orders nothing new.
#[cold]
fn lose_deep(local: &Local, instance: u32) {
    let top = local.depth().saturating_sub(1) as usize;
    if local.instance_at(top) != instance {
        local.lose();
    }
}

/// A chain that this thread has not been through.
#[cold]
fn new_chain(local: &Local, request: &Request<'_>, site_access: u32, tag: u64) {
    let lock = Lock { instance: request.instance, class: request.meta.class(), site_access };
    if local.leaves_out(local.depth(), lock, tag) {
        return local.lose();
    }
    let added = super::room::with_room(|| add_chain(local, request, lock, tag));
    if added.is_none() {
        local.lose();
    }
}

fn add_chain(local: &Local, request: &Request<'_>, lock: Lock, tag: u64) {
    let depth = local.depth();
    let Some(room) = local.keeps(depth, lock, tag) else { return };
    let node = parent_node(local, depth, room).and_then(|parent| {
        super::nodes::add(local, New { parent, lock, tag, ticks: request.ticks, depth }, room)
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
    local.table.insert(local, tag, entry);
}

/// Whether a nesting that the thread has not been through, of a lock in the first `depth` held ones, is left out as far as it has at
/// hand. Then it is counted as lost.
#[cold]
pub(super) fn is_left_out(local: &Local, depth: u32, class: u32, lock: u64) -> bool {
    let lock = Lock { instance: lock as u32, class, site_access: (lock >> 32) as u32 };
    // The chain was stored with the entry.
    let is_left_out = local.leaves_out(depth, lock, local.chain_at(depth + 1));
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
        let ticks = super::clock::ticks();
        let new = New { parent, lock, tag, ticks, depth: index };
        parent = super::nodes::add(local, new, room)?.0 + 1;
        let entry = Entry { node: parent, count: 1, segment: local.segment.get() };
        local.table.insert(local, tag, entry);
    }
    Some(parent)
}

// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! The chain cache: which nestings this thread has been through.
//!
//! The locks a thread holds, in order, with how and where each was taken, are a *chain*; it is kept as one hash that a
//! push extends and a pop restores. A table of the thread's own maps the hash of each chain it has been through to its
//! node. In the steady state every acquisition is a hit: nothing shared is read or written.
//!
//! The table lies in the recording: it carries how often each chain was seen and in which segment last, which so survives a kill.
//! Others may write there, too, by accident: so where it is and how large is kept elsewhere, and no search goes on for ever.

use super::filter::{Filter, INDEX};
use crate::rt::shared::nodes::RENEWED_SEGMENTS;
use crate::rt::shared::runtime::Runtime;
use std::cell::Cell;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use syncscope_recording::layout::{chain, chunk};
use syncscope_recording::writer::Chunk;

/// Odd, with their bits well spread.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
const MULTIPLIER: u64 = 0xD6E8_FEB8_6659_FD93;

/// Nestings are recorded in the outermost so many locks: a node has all locks above it as its evidence, so what it takes to judge them
/// grows with the square of the depth. Those further inside are counted as lost.
pub(crate) const DEEPEST: usize = 1024;

/// Entries of a first table: with its chunk's header a little more than a page.
const FIRST_CAPACITY: usize = 128;

/// Places that are looked at for a chain. More than a table has in a row that is filled as [`most`] says; one that somebody else
/// has written to may have no free place at all.
const PLACES: u64 = 1024;

/// One thread's table.
#[derive(Debug)]
pub(crate) struct Table {
    entries: Cell<*mut u8>,
    mask: Cell<u64>,
    used: Cell<u32>,
    chunk: Cell<Option<Chunk>>,
    /// There was no room for a larger one.
    full: Cell<bool>,
    /// What the table may have.
    pub(crate) filter: Filter,
    /// Where [`Table::find_first`] looks, and its mask: into the table, or past it into an empty one while nearly all that comes is left
    /// out. Then a look into the table, which is large, would cost a miss each time.
    first: Cell<(*mut u8, u64)>,
    /// Chains that may be found in the table until it is looked into first again; 0 while it is.
    finds: Cell<u32>,
}

/// Chains found in the table for a thousand that are left out, from which on it is looked into first.
const FINDS: u32 = 256;

/// What an empty table points to: one free entry.
static EMPTY: [AtomicU64; chain::SIZE / 8] = [const { AtomicU64::new(0) }; chain::SIZE / 8];

/// In the place of a chain that nobody asks for.
pub(crate) const NONE: u64 = 1;

/// The chain of one lock: which, where and how it was taken, as the word that the held stack has of it. Mixed only as far as it
/// takes for the next lock to be mixed in.
#[inline(always)]
pub(crate) fn outermost(lock: u64) -> u64 {
    lock.wrapping_mul(SPREAD)
}

/// Extends a chain by a lock. Never 0, which marks a free entry: for that one bit is always set, which no table's index depends on.
#[inline(always)]
pub(crate) fn mix(chain: u64, lock: u64) -> u64 {
    let mixed = (chain ^ lock).wrapping_mul(MULTIPLIER);
    mixed | 1
}

/// The chain that a thread has been through, as its table has it: an entry.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub(crate) struct ChainPlace(*mut u8);

impl ChainPlace {
    /// Counts an occurrence. `false`, and nothing is counted, when the last one was in another segment and the chain may get a
    /// node of its own in this one, see `extend::renew`.
    #[inline(always)]
    pub(crate) fn count(self, segment: u32) -> bool {
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

    /// The last occurrence was that of the one before, counted twice.
    #[cold]
    pub(crate) fn count_once(self) {
        let count_segment = self.count_segment();
        // Relaxed: see `count_segment`.
        let last = count_segment.load(Ordering::Relaxed);
        if last as u32 > 1 {
            // Relaxed: see `count_segment`.
            count_segment.store(last - 1, Ordering::Relaxed);
        }
    }

    /// Count (low half) and last segment (high half). Written by the table's thread only; readers of the recording take what is
    /// there.
    #[inline(always)]
    pub(crate) fn count_segment(&self) -> &AtomicU64 {
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

impl Table {
    pub(crate) const fn new() -> Self {
        Self {
            entries: Cell::new(EMPTY.as_ptr().cast_mut().cast()),
            mask: Cell::new(0),
            used: Cell::new(0),
            chunk: Cell::new(None),
            full: Cell::new(false),
            filter: Filter::new(),
            first: Cell::new((EMPTY.as_ptr().cast_mut().cast(), 0)),
            finds: Cell::new(0),
        }
    }

    /// Whether there are chains that it could not keep.
    pub(crate) fn is_full(&self) -> bool {
        self.full.get()
    }

    /// Finds a chain where most are: at its first place.
    #[inline(always)]
    pub(crate) fn find_first(&self, tag: u64) -> Option<ChainPlace> {
        let (entries, mask) = self.first.get();
        // SAFETY: as in `place`: the mask is that of these entries.
        let (place, found) = unsafe { place(entries, tag >> INDEX & mask) };
        (found == tag).then_some(ChainPlace(place))
    }

    /// Many nestings were left out: the table is looked into last.
    #[cold]
    pub(crate) fn look_last(&self) {
        self.finds.set(FINDS);
        self.set_first();
    }

    /// A chain was found that [`Self::find_first`] did not find.
    #[inline(always)]
    pub(crate) fn note_found(&self) {
        let finds = self.finds.get();
        if finds > 0 {
            self.finds.set(finds - 1);
            self.set_first();
        }
    }

    fn set_first(&self) {
        self.first.set(match self.finds.get() {
            0 => (self.entries.get(), self.mask.get()),
            _ => (EMPTY.as_ptr().cast_mut().cast(), 0),
        });
    }

    /// Finds a chain.
    #[inline(always)]
    pub(crate) fn find(&self, tag: u64) -> Option<ChainPlace> {
        let first = tag >> INDEX;
        for index in first..first + PLACES {
            let (place, found) = self.place(index & self.mask.get());
            if found == tag {
                return Some(ChainPlace(place));
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
        // SAFETY: the index is masked to the table's capacity.
        unsafe { place(self.entries.get(), index) }
    }

    /// Node + 1 of a chain, without counting.
    #[cold]
    pub(crate) fn node_of(&self, tag: u64) -> Option<u32> {
        // Relaxed: written by this thread.
        self.find(tag).map(|known| self.node(known).load(Ordering::Relaxed))
    }

    /// The number of the node of an entry: behind all entries, since only the slow path needs it.
    #[cold]
    pub(crate) fn node(&self, ChainPlace(entry): ChainPlace) -> &'static AtomicU32 {
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
    pub(crate) fn insert(&self, (runtime, thread): (&Runtime, u32), tag: u64, entry: Entry) {
        let capacity = if self.chunk.get().is_some() { self.mask.get() + 1 } else { 0 };
        if u64::from(self.used.get()) >= most(capacity)
            && !self.grow(runtime, thread, capacity as usize)
        {
            // From now on only what is new to all threads is kept, see [`crate::rt::shared::kinds`].
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
        self.filter.add(tag);
        // Relaxed: published by the tag.
        self.node(ChainPlace(place)).store(entry.node, Ordering::Relaxed);
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
    fn grow(&self, runtime: &Runtime, thread: u32, old_capacity: usize) -> bool {
        let capacity = if old_capacity == 0 { FIRST_CAPACITY } else { old_capacity * 2 };
        let bytes = chunk_bytes(capacity);
        let Some(chunk) = runtime.tables.take(&runtime.file, bytes, thread) else {
            return false;
        };
        let known = self.all();
        let old = self.chunk.replace(Some(chunk));
        // SAFETY: the payload is inside the chunk.
        self.entries.set(unsafe { chunk.as_ptr().add(chunk::PAYLOAD) });
        self.mask.set(capacity as u64 - 1);
        self.set_first();
        self.filter.begin(capacity);
        if let Some(old) = old {
            known.into_iter().for_each(|(tag, entry)| self.put(tag, entry));
            // First the old one goes: a kill between the two stores loses counts rather than doubling them.
            runtime.tables.give_back(old);
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
                    node: self.node(ChainPlace(place)).load(Ordering::Relaxed),
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
    pub(crate) fn fold(&self, runtime: &Runtime) {
        for (_, entry) in self.all() {
            if entry.node != 0 {
                runtime.nodes.fold(entry.node - 1, entry.count, entry.segment);
            }
        }
        let Some(chunk) = self.chunk.take() else { return };
        // Release: the counts are in the nodes before a reader of the live mapping finds the table gone.
        chunk.u64(chunk::USED).store(0, Ordering::Release);
        runtime.tables.give_back(chunk);
        self.filter.end();
        self.entries.set(EMPTY.as_ptr().cast_mut().cast());
        self.mask.set(0);
        self.set_first();
    }
}

/// A place, and the tag that it has.
///
/// # Safety
///
/// There are so many entries and one more: of a table's chunk, mapped for ever and accessed by atomics only.
#[inline(always)]
unsafe fn place(entries: *mut u8, index: u64) -> (*mut u8, u64) {
    // SAFETY: by contract. Relaxed: written by this thread only.
    unsafe {
        let place = entries.add(index as usize * chain::SIZE);
        (place, AtomicU64::from_ptr(place.add(chain::TAG).cast()).load(Ordering::Relaxed))
    }
}

/// What the table knows of a chain.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    /// Index + 1; 0: a cap refused it.
    pub(crate) node: u32,
    pub(crate) count: u32,
    pub(crate) segment: u32,
}

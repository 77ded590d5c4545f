//! Chain nodes: the nestings of all threads, as a forest in the recording.
//!
//! A node is one step of one thread's nestings: "`instance` was requested, so, there, while all of its ancestors were
//! held". Every pair (ancestor, node) is an order edge, with both sites, both accesses, the thread and the held set; so
//! the forest is the lock graph and the evidence for it at once (Havelund's lock trees, 2000, as one forest).

use dashmap::DashMap;
use dashmap::try_result::TryResult;
use std::sync::Mutex;
use std::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, Ordering};
use syncscope_detector::graph::BuildSpread;
use syncscope_detector::must_order::SEGMENTS_APART;
use syncscope_recording::layout::{chunk, chunk_kind, node};
use syncscope_recording::writer::{Chunk, RecordingFile, bounded_lock};

/// Nodes in a chunk of 64 KiB.
const PER_CHUNK: u32 = 1023;
/// Threads that always get a node of their own for the same chain, beside the first ones of the process. Later ones do while there is room to [`Nodes::spend`]; the
/// rest share one that names no thread. Sharing loses who and when, so it can only make a verdict more careful.
pub(crate) const OWN_NODES: u32 = 64;
/// Threads with nodes of their own for the same chain at most, counted likewise: a verdict compares the contexts of two chains pairwise.
const MOST_OWN_NODES: u32 = 512;
/// Segments of a thread in which a chain that comes again gets a further node, so that what happened between the two is known
/// to lie between them. For the same reason not many more.
pub(crate) const RENEWED_SEGMENTS: u32 = SEGMENTS_APART;

/// Nodes beyond the cap: for kinds of nestings (see [`crate::rt::shared::kinds`]) of which there is none yet.
pub(crate) const BEYOND: u32 = 1 << 15;
/// Nestings in so few locks cost nothing but their node.
pub(crate) const SHALLOW: u32 = 4;
/// Locks held around nestings deeper than that, for each node that there may be: each is evidence of its own, which has to be judged.
const DEPTH_PER_NODE: u32 = 4;
/// ... and so many more: one nest as deep as is recorded has room in any case.
const DEEP: u32 = 1 << 13;

/// Out of which room a node is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Room {
    /// As long as there is any.
    Ordinary,
    /// Kept for what is new.
    Beyond,
}

/// All nodes.
#[derive(Debug)]
pub(crate) struct Nodes {
    chunks: Box<[AtomicPtr<u8>]>,
    next: AtomicU32,
    growth: Mutex<()>,
    pub(crate) cap: u32,
    /// Locks that may still be held around deep nestings.
    pub(crate) depths: AtomicU32,
    /// What may still be spent on nodes that only tell more of when, in words of eight bytes.
    spare: AtomicU32,
    /// How many threads but the first ones have a node for a chain, and the shared node + 1 once there are too many.
    sharing: DashMap<u64, (u32, u32), BuildSpread>,
}

/// A node as the service thread reads it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NodeView {
    pub(crate) parent: u32,
    pub(crate) instance: u32,
    pub(crate) class: u32,
    pub(crate) access: u8,
}

impl Nodes {
    pub(crate) fn new(cap: u32) -> Self {
        let chunks = cap.saturating_add(BEYOND).div_ceil(PER_CHUNK) as usize;
        Self {
            chunks: std::iter::repeat_with(AtomicPtr::default).take(chunks).collect(),
            next: AtomicU32::new(0),
            growth: Mutex::new(()),
            cap,
            depths: AtomicU32::new(cap.saturating_mul(DEPTH_PER_NODE).saturating_add(DEEP)),
            // An eighth of all nodes, of which each has eight words.
            spare: AtomicU32::new(cap),
            sharing: DashMap::default(),
        }
    }

    /// Nodes handed out so far; the last ones may not be complete yet.
    pub(crate) fn len(&self) -> u32 {
        // Relaxed: completeness is told by each node's own READY.
        self.next.load(Ordering::Relaxed)
    }

    /// Whether there is room for one more ordinary node, inside of so many others.
    pub(crate) fn has_room(&self, depth: u32) -> bool {
        // Relaxed: an amount.
        self.len() < self.cap && (depth <= SHALLOW || self.depths.load(Ordering::Relaxed) >= depth)
    }

    /// The node, once it is complete.
    pub(crate) fn view(&self, index: u32) -> Option<NodeView> {
        let place = self.place(index)?;
        // SAFETY: `place` is a node: aligned, mapped for ever, accessed by atomics only.
        // Acquire on READY: pairs with the Release in `add`; the rest is ordered by it.
        unsafe {
            let word = |at| AtomicU32::from_ptr(place.add(at).cast());
            (word(node::READY).load(Ordering::Acquire) == 1).then(|| NodeView {
                parent: word(node::PARENT).load(Ordering::Relaxed),
                instance: word(node::INSTANCE).load(Ordering::Relaxed),
                class: word(node::CLASS).load(Ordering::Relaxed),
                access: (word(node::SITE_ACCESS).load(Ordering::Relaxed) >> 24) as u8,
            })
        }
    }

    /// Class, and site with access, of a node that its own thread has made.
    pub(crate) fn class_and_site(&self, index: u32) -> Option<(u32, u32)> {
        let place = self.place(index)?;
        // SAFETY: as in `view`. Relaxed: made by the calling thread, or shared and complete before its number was known.
        let word = |at: usize| unsafe {
            AtomicU32::from_ptr(place.add(at).cast()).load(Ordering::Relaxed)
        };
        Some((word(node::CLASS), word(node::SITE_ACCESS)))
    }

    /// Adds what a thread that has ended counted.
    pub(crate) fn fold(&self, index: u32, count: u32, segment: u32) {
        let Some(place) = self.place(index) else { return };
        // SAFETY: as in `view`. Relaxed: statistics; a node of one thread is folded by that thread only, a shared one by several,
        // hence the read-modify-write.
        unsafe {
            AtomicU64::from_ptr(place.add(node::COUNT).cast())
                .fetch_add(u64::from(count), Ordering::Relaxed);
            AtomicU32::from_ptr(place.add(node::LAST_SEGMENT).cast())
                .fetch_max(segment, Ordering::Relaxed);
        }
    }

    /// Notes where the lock of a fresh node is in memory.
    pub(crate) fn note_address(&self, index: u32, address: usize) {
        let Some(place) = self.place(index) else { return };
        // SAFETY: as in `view`. Relaxed: the number stands for itself. Of a shared node the first one stays.
        _ = unsafe {
            AtomicU64::from_ptr(place.add(node::ADDRESS).cast()).compare_exchange(
                0,
                address as u64,
                Ordering::Relaxed,
                Ordering::Relaxed,
            )
        };
    }

    pub(crate) fn place(&self, index: u32) -> Option<*mut u8> {
        // Acquire: pairs with the Release in `reserve`.
        let start = self.chunks.get((index / PER_CHUNK) as usize)?.load(Ordering::Acquire);
        // SAFETY: the chunk holds its header and `PER_CHUNK` nodes.
        (!start.is_null()).then(|| unsafe {
            start.add(chunk::PAYLOAD + (index % PER_CHUNK) as usize * node::SIZE)
        })
    }

    /// A fresh node. `None` when there are `cap` of them, or when there is no room.
    pub(crate) fn reserve(&self, file: &RecordingFile, cap: u32) -> Option<(u32, *mut u8)> {
        // Relaxed: hands out indices; nothing else is published through it.
        let index = self
            .next
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |next| {
                (next < cap).then(|| next + 1)
            })
            .ok()?;
        if self.place(index).is_none() {
            let _growth = bounded_lock(&self.growth)?;
            if self.place(index).is_none() {
                let number = index / PER_CHUNK;
                let bytes = chunk::PAYLOAD + PER_CHUNK as usize * node::SIZE;
                let chunk: Chunk = file.chunk(chunk_kind::NODES, 0, number * PER_CHUNK, bytes)?;
                // Release: pairs with the Acquire in `place`.
                self.chunks[number as usize].store(chunk.as_ptr(), Ordering::Release);
            }
        }
        Some((index, self.place(index)?))
    }

    /// Room for one more node that only tells more of when, with a clock of so many entries: `false` when it is used up.
    pub(crate) fn spend(&self, entries: usize) -> bool {
        let words = (node::SIZE / 8).saturating_add(entries) as u32;
        // Relaxed: an amount; nothing is published through it.
        let left = self
            .spare
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(words));
        left.is_ok()
    }

    /// Whether a thread shares a node for the chain: `Some(node + 1)`, or `Some(0)` when it must make the shared one. `has_full_table`: it
    /// may have come to the chain before; `clock`: words of its clock.
    pub(crate) fn shared(
        &self,
        thread: u32,
        has_full_table: bool,
        clock: impl Fn() -> usize,
        tag: u64,
    ) -> Option<u32> {
        // The first threads are too few to share, and need not be counted: each has one node for a chain, which its table keeps.
        if thread <= OWN_NODES && !has_full_table {
            return None;
        }
        for _ in 0..1000 {
            match self.sharing.try_entry(tag) {
                Some(dashmap::Entry::Vacant(vacant)) => {
                    vacant.insert((1, 0));
                    return None;
                }
                Some(dashmap::Entry::Occupied(mut known)) => {
                    let entry = known.get_mut();
                    let is_own = entry.0 < OWN_NODES
                        || entry.1 == 0 && entry.0 < MOST_OWN_NODES && self.spend(clock());
                    entry.0 += u32::from(is_own);
                    return (!is_own).then_some(entry.1);
                }
                None => std::hint::spin_loop(),
            }
        }
        // Not known: a node of its own is always right.
        None
    }

    /// The node + 1 that is shared for the chain, 0 when it must be made: for who may not have one of its own.
    pub(crate) fn without_thread(&self, tag: u64) -> u32 {
        match self.sharing.try_entry(tag) {
            Some(entry) => entry.or_insert((1, 0)).1,
            None => 0,
        }
    }

    /// Whether this thread is one of those that share nodes, and the chain is known to others of them: then one more costs next to
    /// nothing.
    pub(crate) fn is_shared_by(&self, thread: u32, tag: u64) -> bool {
        thread > OWN_NODES && matches!(self.sharing.try_get(&tag), TryResult::Present(_))
    }

    pub(crate) fn set_shared(&self, tag: u64, node: u32) {
        if let TryResult::Present(mut entry) = self.sharing.try_get_mut(&tag) {
            entry.1 = node;
        }
    }
}

//! Chain nodes: the nestings of all threads, as a forest in the recording.
//!
//! A node is one step of one thread's nestings: "`instance` was requested, so, there, while all of its ancestors were
//! held". Every pair (ancestor, node) is an order edge, with both sites, both accesses, the thread and the held set; so
//! the forest is the lock graph and the evidence for it at once (Havelund's lock trees, 2000, as one forest).

use super::held::Lock;
use super::local::Local;
use super::runtime::Runtime;
use dashmap::DashMap;
use dashmap::try_result::TryResult;
use std::sync::Mutex;
use std::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, Ordering};
use syncscope_recording::layout::{chunk, chunk_kind, node};
use syncscope_recording::writer::{Chunk, RecordingFile, patient};

/// Nodes in a chunk of 64 KiB.
const PER_CHUNK: u32 = 1023;
/// Threads that get a node of their own for the same chain; later ones share one that names no thread. Sharing loses who
/// and when, so it can only make a verdict more careful.
const OWN_NODES: u32 = 64;

/// All nodes.
#[derive(Debug)]
pub(super) struct Nodes {
    chunks: Box<[AtomicPtr<u8>]>,
    next: AtomicU32,
    growth: Mutex<()>,
    cap: u32,
    /// How many threads have a node for a chain, and the shared node + 1 once there are too many.
    sharing: DashMap<u64, (u32, u32)>,
}

/// A node as the service thread reads it.
#[derive(Clone, Copy, Debug)]
pub(super) struct NodeView {
    pub(super) parent: u32,
    pub(super) instance: u32,
    pub(super) access: u8,
}

impl Nodes {
    pub(super) fn new(cap: u32) -> Self {
        let chunks = cap.div_ceil(PER_CHUNK) as usize;
        Self {
            chunks: std::iter::repeat_with(AtomicPtr::default).take(chunks).collect(),
            next: AtomicU32::new(0),
            growth: Mutex::new(()),
            cap,
            sharing: DashMap::new(),
        }
    }

    /// Nodes handed out so far; the last ones may not be complete yet.
    pub(super) fn len(&self) -> u32 {
        // Relaxed: completeness is told by each node's own READY.
        self.next.load(Ordering::Relaxed).min(self.cap)
    }

    /// The node, once it is complete.
    pub(super) fn view(&self, index: u32) -> Option<NodeView> {
        let place = self.place(index)?;
        // SAFETY: `place` is a node: aligned, mapped for ever, accessed by atomics only.
        // Acquire on READY: pairs with the Release in `add`; the rest is ordered by it.
        unsafe {
            let word = |at| AtomicU32::from_ptr(place.add(at).cast());
            (word(node::READY).load(Ordering::Acquire) == 1).then(|| NodeView {
                parent: word(node::PARENT).load(Ordering::Relaxed),
                instance: word(node::INSTANCE).load(Ordering::Relaxed),
                access: (word(node::SITE_ACCESS).load(Ordering::Relaxed) >> 24) as u8,
            })
        }
    }

    /// Class, and site with access, of a node that its own thread has made.
    pub(super) fn class_and_site(&self, index: u32) -> Option<(u32, u32)> {
        let place = self.place(index)?;
        // SAFETY: as in `view`. Relaxed: made by the calling thread, or shared and complete before its number was known.
        let word = |at: usize| unsafe {
            AtomicU32::from_ptr(place.add(at).cast()).load(Ordering::Relaxed)
        };
        Some((word(node::CLASS), word(node::SITE_ACCESS)))
    }

    /// Adds what a thread that has ended counted.
    pub(super) fn fold(&self, index: u32, count: u32, segment: u32) {
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

    fn place(&self, index: u32) -> Option<*mut u8> {
        // Acquire: pairs with the Release in `reserve`.
        let start = self.chunks.get((index / PER_CHUNK) as usize)?.load(Ordering::Acquire);
        // SAFETY: the chunk holds its header and `PER_CHUNK` nodes.
        (!start.is_null()).then(|| unsafe {
            start.add(chunk::PAYLOAD + (index % PER_CHUNK) as usize * node::SIZE)
        })
    }

    /// A fresh node. `None` at the cap, or when there is no room.
    fn reserve(&self, file: &RecordingFile) -> Option<(u32, *mut u8)> {
        // Relaxed: hands out indices; nothing else is published through it.
        let index = self
            .next
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |next| {
                (next < self.cap).then(|| next + 1)
            })
            .ok()?;
        if self.place(index).is_none() {
            let _growth = patient(&self.growth)?;
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

    /// Whether this thread shares a node for the chain: `Some(node + 1)`, or `Some(0)` when it must make the shared one.
    fn shared(&self, tag: u64) -> Option<u32> {
        for _ in 0..1000 {
            match self.sharing.try_get_mut(&tag) {
                TryResult::Present(mut entry) => {
                    entry.0 += 1;
                    return (entry.0 > OWN_NODES).then_some(entry.1);
                }
                TryResult::Absent => {
                    if let Some(dashmap::Entry::Vacant(vacant)) = self.sharing.try_entry(tag) {
                        vacant.insert((1, 0));
                        return None;
                    }
                }
                TryResult::Locked => std::hint::spin_loop(),
            }
        }
        // Not known: a node of its own is always right.
        None
    }

    fn set_shared(&self, tag: u64, node: u32) {
        if let TryResult::Present(mut entry) = self.sharing.try_get_mut(&tag) {
            entry.1 = node;
        }
    }
}

/// Adds a node for a chain of this thread; gives its index. `None` at the cap.
#[cold]
pub(super) fn add(local: &Local, parent: u32, lock: Lock, tag: u64, ticks: u64) -> Option<u32> {
    let Lock { instance, class, site_access } = lock;
    let runtime: &Runtime = local.runtime;
    let shared = runtime.nodes.shared(tag);
    if let Some(node @ 1..) = shared {
        return Some(node - 1);
    }
    let (index, place) = runtime.nodes.reserve(&runtime.file)?;
    let stack = match parent {
        0 => 0,
        _ => super::stack::of_edge(local, parent, class, site_access),
    };
    let (thread, clock, segment, last) = match shared {
        Some(_) => (0, 0, 0, u32::MAX),
        None => {
            let segment = local.segment.get();
            (local.number, super::must_order::record(local), segment, segment)
        }
    };
    // SAFETY: the node is fresh: inside its chunk, aligned, mapped for ever, accessed by atomics only.
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
    if shared.is_some() {
        runtime.nodes.set_shared(tag, index + 1);
    }
    if parent != 0 {
        local.note_nested();
        runtime.service.new_edges();
    }
    Some(index)
}

// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! The flight recorder of a thread: its last events, in the recording.
//!
//! The stream is cut into blocks. Each begins with an anchor (full clock, segment, event count), so a reader can start at
//! any block; the change of blocks is also the only point where the writer looks at bounds.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use syncscope_recording::layout::mode;
use syncscope_recording::writer::Chunk;

/// The writing end of a ring.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Ring {
    /// Words ever written, by this and earlier owners of the chunk. This is where it is kept; what the chunk's header says may be
    /// changed by anybody.
    pub(crate) position: Cell<u64>,
    /// Where readers look for it: in the chunk's header.
    pub(crate) published: Cell<*const AtomicU64>,
    /// What to add to the position, in words, to have the address of the next word.
    pub(crate) bias: Cell<usize>,
    /// The position up to which acquisitions take the common way: the end of the present block, or where one of them is looked at, see
    /// [`sampler`](super::sampler).
    pub(crate) limit: Cell<u64>,
    /// Whether events are recorded at all (modes `ring` and `full`).
    pub(crate) on: bool,
    pub(crate) lost: Cell<bool>,
    /// Segments of mode `full` so far.
    pub(crate) segments: Cell<u32>,
    pub(crate) chunk: Cell<Option<Chunk>>,
    /// Words that the chunk can hold, whole blocks.
    pub(crate) capacity: Cell<u64>,
    /// Where this owner began.
    pub(crate) base: Cell<u64>,
    /// The position at which the present block ends.
    pub(crate) end: Cell<u64>,
    /// The position of events that nobody reads.
    pub(crate) unread: AtomicU64,
    /// Where nothing is recorded: a place for them. So acquisitions take the same way in all modes.
    pub(crate) nowhere: Option<Box<[AtomicU64; UNREAD]>>,
}

/// Words of events that nobody reads, until they begin again.
const UNREAD: usize = 64;

impl Ring {
    #[cold]
    pub(crate) fn new(mode: u32) -> Self {
        Self {
            on: mode >= mode::RING,
            // No room: the first event finds the limit reached and takes a chunk.
            position: Cell::new(0),
            published: Cell::new(&raw const NOWHERE),
            bias: Cell::new(0),
            limit: Cell::new(0),
            lost: Cell::new(false),
            segments: Cell::new(0),
            chunk: Cell::new(None),
            capacity: Cell::new(0),
            base: Cell::new(0),
            end: Cell::new(0),
            unread: AtomicU64::new(0),
            nowhere: (mode < mode::RING).then(|| Box::new([const { AtomicU64::new(0) }; UNREAD])),
        }
    }

    /// Makes room again for events that nobody reads. Ends by [`Ring::stop_after`].
    #[cold]
    pub(crate) fn rewind(&self) {
        let Some(words) = &self.nowhere else { return };
        self.published.set(&raw const self.unread);
        self.position.set(0);
        self.bias.set(words.as_ptr() as usize / 8);
        self.end.set(UNREAD as u64);
    }
}

/// Position of rings that have no room yet; never written.
static NOWHERE: AtomicU64 = AtomicU64::new(0);

impl Ring {
    /// Whether acquisitions of so many words may take the common way.
    #[inline(always)]
    pub(crate) fn has_room(&self, words: u64) -> bool {
        self.position() + words <= self.limit.get()
    }

    /// Whether this block has room for an event of some words.
    #[inline]
    pub(crate) fn block_has_room(&self, words: u64) -> bool {
        self.position() + words <= self.end.get()
    }

    /// Acquisitions take the common way so many times more, as long as there is room in the block.
    #[cold]
    pub(crate) fn stop_after(&self, acquisitions: u64) {
        let words = acquisitions.saturating_mul(2);
        self.limit.set(self.position().saturating_add(words).min(self.end.get()));
    }

    /// Where the next event goes, for which there is room.
    #[inline(always)]
    pub(crate) fn next_place(&self) -> Place {
        self.place_at(self.position())
    }

    #[inline(always)]
    fn place_at(&self, position: u64) -> Place {
        let address = self.bias.get().wrapping_add(position as usize).wrapping_mul(8);
        Place(address as *const AtomicU64)
    }

    #[inline(always)]
    pub(crate) fn position(&self) -> u64 {
        self.position.get()
    }

    /// Publishes the words that were written into the place.
    #[inline(always)]
    pub(crate) fn advance(&self, words: u64) {
        self.position.set(self.position() + words);
        // SAFETY: as in `publish`. Relaxed: only this thread writes it; if somebody else does, it is right again with the next block.
        // Release: as in `publish`. One instruction adds in place where a store would take three.
        unsafe {
            let published = &*self.published.get();
            published
                .store(published.load(Ordering::Relaxed).wrapping_add(words), Ordering::Release);
        }
    }

    #[inline(always)]
    pub(crate) fn publish(&self, position: u64) {
        self.position.set(position);
        // SAFETY: points into the header of the thread's chunk, into the thread's own state or to a static; a ring without a chunk has no
        // room and publishes nothing.
        // Release: a reader that sees the position sees the words.
        unsafe { (*self.published.get()).store(position, Ordering::Release) };
    }
}

/// Where an event goes, of as many words as were asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place(*const AtomicU64);

impl Place {
    /// Writes the first word of an event.
    #[inline(always)]
    pub(crate) fn write_first(self, word: u64) {
        // SAFETY: in the present block, see `Ring::next_place`. Relaxed: published by the position.
        unsafe { (*self.0).store(word, Ordering::Relaxed) };
    }

    /// Writes the second word of an event that has two.
    #[inline(always)]
    pub(crate) fn write_second(self, word: u64) {
        // SAFETY: in the present block, see `Ring::next_place`. Relaxed: published by the position.
        unsafe { (*self.0.add(1)).store(word, Ordering::Relaxed) };
    }
}

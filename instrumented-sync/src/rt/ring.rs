// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! The flight recorder of a thread: its last events, in the recording.
//!
//! The stream is cut into blocks. Each begins with an anchor (full clock, segment, event count), so a reader can start at
//! any block; the change of blocks is also the only point where the writer looks at bounds.

use super::local::Local;
use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use syncscope_recording::layout::{chunk, event, header, mode, slot};
use syncscope_recording::writer::Chunk;

/// The writing end of a ring.
#[derive(Debug)]
pub(super) struct Ring {
    /// Whether events are recorded at all (modes `ring` and `full`).
    on: bool,
    cursor: Cell<*const AtomicU64>,
    block_end: Cell<*const AtomicU64>,
    /// Words ever written, by this and earlier owners of the chunk.
    position: Cell<u64>,
    /// Where `position` is published.
    used: Cell<*const AtomicU64>,
    chunk: Cell<Option<Chunk>>,
    /// Words that the chunk can hold, whole blocks.
    capacity: Cell<u64>,
    /// Where this owner began.
    base: Cell<u64>,
    lost: Cell<bool>,
}

/// Where events go that find no ring.
static SINK: [AtomicU64; event::BLOCK] = [const { AtomicU64::new(0) }; event::BLOCK];

impl Ring {
    pub(super) fn new(mode: u32) -> Self {
        Self {
            on: mode >= mode::RING,
            cursor: Cell::new(std::ptr::null()),
            block_end: Cell::new(std::ptr::null()),
            position: Cell::new(0),
            used: Cell::new(&raw const UNUSED),
            chunk: Cell::new(None),
            capacity: Cell::new(0),
            base: Cell::new(0),
            lost: Cell::new(false),
        }
    }

    /// Gives the ring back: the thread has ended. Its events stay readable until the ring is taken again.
    #[cold]
    pub(super) fn close(&self, local: &Local) {
        if let Some(chunk) = self.chunk.take() {
            local.runtime.rings.give_back(chunk);
        }
    }
}

/// Position of rings that have no chunk.
static UNUSED: AtomicU64 = AtomicU64::new(0);

impl Local {
    /// An event of one word.
    #[inline]
    pub(super) fn emit1(&self, op: u8, aux: u32, object: u32) {
        if self.ring.on {
            self.reserve(1);
            self.store(first_word(op, aux, object));
            self.publish(1);
        }
    }

    /// An event of two words.
    #[inline]
    pub(super) fn emit2(&self, op: u8, aux: u32, object: u32, ticks: u64, seq: u32) {
        if self.ring.on {
            self.reserve(2);
            self.store(first_word(op, aux, object));
            self.store((ticks >> 4) << 24 | u64::from(seq & 0x00FF_FFFF));
            self.publish(2);
        }
    }

    /// An event beside the lock events, counted on the board.
    pub(super) fn emit_other(&self, op: u8, aux: u32, object: u32, ticks: u64, seq: u32) {
        let counter = self.slot.u64(slot::OTHER_EVENTS);
        // Relaxed: written by this thread only.
        counter.store(counter.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        self.emit2(op, aux, object, ticks, seq);
    }

    #[inline]
    fn reserve(&self, words: usize) {
        if (self.ring.block_end.get() as usize) - (self.ring.cursor.get() as usize) < words * 8 {
            next_block(self);
        }
    }

    #[inline]
    fn store(&self, word: u64) {
        let place = self.ring.cursor.get();
        // SAFETY: `reserve` made room up to `block_end`. Relaxed: published by the position.
        unsafe {
            (*place).store(word, Ordering::Relaxed);
            self.ring.cursor.set(place.add(1));
        }
    }

    #[inline]
    fn publish(&self, words: u64) {
        let position = self.ring.position.get() + words;
        self.ring.position.set(position);
        // SAFETY: points to the chunk's header or to `UNUSED`. Release: a reader that sees the position sees the words.
        unsafe { (*self.ring.used.get()).store(position, Ordering::Release) };
    }
}

#[inline]
fn first_word(op: u8, aux: u32, object: u32) -> u64 {
    u64::from(op) | u64::from(aux & 0x00FF_FFFF) << 8 | u64::from(object) << 32
}

/// Pads the block and begins the next, taking a ring first if there is none.
#[cold]
fn next_block(local: &Local) {
    let ring = &local.ring;
    let left = (ring.block_end.get() as usize - ring.cursor.get() as usize) / 8;
    for _ in 0..left {
        local.store(0);
    }
    local.publish(left as u64);
    local.runtime.calibrate();
    if needs_chunk(local) && !take_chunk(local) {
        sink(local);
        return;
    }
    let Some(chunk) = ring.chunk.get() else { return };
    let words = &chunk.words(chunk::PAYLOAD)[..ring.capacity.get() as usize];
    let at = (ring.position.get() % ring.capacity.get()) as usize;
    ring.cursor.set(&raw const words[at]);
    // SAFETY: the capacity is a whole number of blocks and `at` a multiple of a block, so the block lies inside.
    ring.block_end.set(unsafe { words.as_ptr().add(at + event::BLOCK) });
    anchor(local);
}

/// The first block, and in mode `full` every time a segment is full. In mode `ring` a first small ring that is full is
/// replaced by a large one while the cap allows.
fn needs_chunk(local: &Local) -> bool {
    let ring = &local.ring;
    let Some(chunk) = ring.chunk.get() else { return true };
    let full = ring.position.get() - ring.base.get() >= ring.capacity.get();
    full && (local.runtime.settings.mode == mode::FULL || local.runtime.rings.may_grow(chunk))
}

fn take_chunk(local: &Local) -> bool {
    let ring = &local.ring;
    let runtime = local.runtime;
    let old = ring.chunk.take();
    let fresh = if runtime.settings.mode == mode::FULL {
        runtime.rings.segment(&runtime.file, local.number)
    } else {
        runtime.rings.take(&runtime.file, local.number, old.is_some())
    };
    let Some(fresh) = fresh else {
        // Better the old one, wrapped, than none.
        ring.chunk.set(old);
        return old.is_some() && runtime.settings.mode != mode::FULL;
    };
    if let Some(old) = old
        && runtime.settings.mode != mode::FULL
    {
        runtime.rings.give_back(old);
    }
    let blocks = (fresh.len() - chunk::PAYLOAD) / 8 / event::BLOCK;
    let used = fresh.u64(chunk::USED);
    ring.capacity.set((blocks * event::BLOCK) as u64);
    // Relaxed: the last owner gave the chunk back under a lock.
    ring.position.set(used.load(Ordering::Relaxed).next_multiple_of(event::BLOCK as u64));
    ring.base.set(ring.position.get());
    // Release: a reader that finds the new owner finds where it began.
    fresh.u64(chunk::BASE).store(ring.base.get(), Ordering::Release);
    used.store(ring.position.get(), Ordering::Release);
    ring.used.set(used);
    ring.chunk.set(Some(fresh));
    local.slot.u64(slot::RING).store(fresh.offset(), Ordering::Relaxed);
    true
}

/// No room: the events of a block are counted and go nowhere.
fn sink(local: &Local) {
    let ring = &local.ring;
    if ring.lost.replace(true) {
        // Two words an event on average, a little less.
        local.runtime.file.count(header::LOST_EVENTS, event::BLOCK as u64 * 2 / 3);
    }
    ring.used.set(&raw const UNUSED);
    ring.cursor.set(SINK.as_ptr());
    ring.block_end.set(SINK.as_ptr_range().end);
}

fn anchor(local: &Local) {
    let ring = &local.ring;
    // Relaxed: written by this thread only.
    let acquisitions = local.slot.u64(slot::ACQUISITIONS).load(Ordering::Relaxed);
    let others = local.slot.u64(slot::OTHER_EVENTS).load(Ordering::Relaxed);
    let events = (acquisitions * 2).saturating_sub(u64::from(local.depth.get())) + others;
    let block = ring.position.get() / event::BLOCK as u64;
    local.store(first_word(event::ANCHOR, 0, block as u32));
    local.store(super::clock::ticks());
    local.store(u64::from(local.segment.get()) | u64::from(local.number) << 32);
    local.store(events);
    local.publish(event::ANCHOR_WORDS as u64);
}


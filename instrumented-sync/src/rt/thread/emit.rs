// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! Events go into the ring of the thread.

use super::local::Local;
use super::ring::Place;
use crate::rt::machine::room;
use crate::rt::object::lock::Lock;
use crate::rt::shared::pool::Given;
use std::sync::atomic::{AtomicU64, Ordering};
use syncscope_recording::layout::{chunk, event, header, mode, slot};
use syncscope_recording::words::{self, Second};

/// Bits of a count of acquisitions that are zero in the course of one in eight times that they begin again.
const LOOKS: u64 = 0b1110_0000;

/// Where events go that find no ring.
static SINK: [AtomicU64; event::BLOCK] = [const { AtomicU64::new(0) }; event::BLOCK];

impl Local {
    /// A release that the depth of the next event would not tell; `depth` is how many locks were held before it.
    #[cold]
    pub(crate) fn emit_release(&self, class: u32, instance: u32, depth: u32) {
        if self.ring.on
            && let Some(place) = self.reserve(1)
        {
            let aux = words::release_aux(class, depth);
            place.write_first(words::first(event::RELEASE, aux, instance));
            self.ring.advance(1);
        }
    }

    /// An event of two words.
    #[inline]
    pub(crate) fn emit2(&self, op: u8, aux: u32, object: u32, ticks: u64, second: Second) {
        if self.ring.on {
            self.write2(words::first(op, aux, object), second.word(ticks));
        } else {
            // Now and then, as at the end of a block.
            if !self.ring.has_room(2) && self.acquisitions() & LOOKS == 0 {
                self.look_again();
            }
            self.ring.rewind();
            self.set_stop(1);
        }
    }

    #[inline]
    fn write2(&self, first: u64, second: u64) {
        if let Some(place) = self.reserve(2) {
            place.write_first(first);
            place.write_second(second);
            self.ring.advance(2);
        }
    }

    /// The clock in full, before an event whose bits could not tell it.
    #[cold]
    pub(crate) fn emit_time(&self, ticks: u64) {
        if self.ring.on {
            self.write2(words::first(event::TIME, 0, 0), ticks);
        }
    }

    /// An event beside the lock events, counted on the board.
    pub(crate) fn emit_other(&self, op: u8, aux: u32, object: u32, ticks: u64, seq: u32) {
        self.note_ticks(ticks);
        let second = Second { seq, class: 0, depth: self.depth() };
        self.emit2(op, aux, object, ticks, second);
        // Counted last: an anchor that the event begins counts those before it. Relaxed: written by this thread only.
        let counter = self.slot.u64(slot::OTHER_EVENTS);
        counter.store(counter.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
    }

    /// Makes room for some words of one event. `None` when that takes a chunk, and a signal handler runs.
    #[inline]
    fn reserve(&self, words: u64) -> Option<Place> {
        if !self.ring.has_room(words)
            && !self.ring.block_has_room(words)
            && next_block(self).is_none()
        {
            return None;
        }
        Some(self.ring.next_place())
    }

    #[inline]
    fn position(&self) -> u64 {
        self.ring.position()
    }

    #[inline]
    fn store(&self, position: u64, word: u64) {
        let address = (self.ring.bias.get().wrapping_add(position as usize)).wrapping_mul(8);
        // SAFETY: the position lies in the present block, whose place in the chunk the bias gives. Relaxed: published by the position.
        unsafe { (*(address as *const AtomicU64)).store(word, Ordering::Relaxed) };
    }

    #[inline]
    fn publish(&self, position: u64) {
        self.ring.publish(position);
    }
}

/// Gives the ring back: the thread has ended. Its events stay readable until the ring is taken again.
#[cold]
pub(crate) fn close(local: &Local) {
    if let Some(chunk) = local.ring.chunk.take() {
        // The next owner begins at a block, and what lies between must not be read as events.
        pad(local);
        local.runtime.rings.give_back(Given { chunk, position: local.ring.position() });
    }
}

/// Pads the block and begins the next, taking a ring first if there is none. Gives the position behind the anchor.
///
/// `None` when there has to be another ring, and a signal handler runs: the event is lost.
#[cold]
fn next_block(local: &Local) -> Option<u64> {
    let ring = &local.ring;
    pad(local);
    local.runtime.calibrate();
    local.look_again();
    if needs_chunk(local) {
        let renewed = room::with_room(|| {
            if !take_chunk(local) {
                sink(local);
            }
        });
        if renewed.is_none() {
            local.runtime.file.count(header::LOST_EVENTS, 1);
            return None;
        }
    }
    let position = local.position();
    if let Some(chunk) = ring.chunk.get() {
        let words = chunk.words(chunk::PAYLOAD);
        let at = (position % ring.capacity.get()) as usize;
        // A chunk's payload is aligned to a word, so its address is a whole number of words.
        ring.bias.set((words[at..].as_ptr() as usize / 8).wrapping_sub(position as usize));
    }
    ring.end.set(position + event::BLOCK as u64);
    let behind = anchor(local, position);
    local.set_stop(0);
    Some(behind)
}

/// Fills the rest of the block with zero words.
fn pad(local: &Local) {
    let (position, end) = (local.position(), local.ring.end.get());
    for position in position..end {
        local.store(position, 0);
    }
    if position < end {
        local.publish(end);
    }
}

/// The first block, and in mode `full` every time a segment is full. In mode `ring` a first small ring that is full is
/// replaced by a large one while the cap allows.
fn needs_chunk(local: &Local) -> bool {
    let ring = &local.ring;
    let Some(chunk) = ring.chunk.get() else { return true };
    let full = local.position() - ring.base.get() >= ring.capacity.get();
    full && (local.runtime.settings.mode == mode::FULL || local.runtime.rings.may_grow(chunk))
}

fn take_chunk(local: &Local) -> bool {
    let ring = &local.ring;
    let runtime = local.runtime;
    let full_mode = runtime.settings.mode == mode::FULL;
    let old = ring.chunk.take().map(|chunk| Given { chunk, position: ring.position() });
    let fresh = if full_mode {
        let fresh = runtime.rings.segment(&runtime.file, local.number, ring.segments.get());
        ring.segments.set(ring.segments.get() + u32::from(fresh.is_some()));
        // The file cannot grow: the thread begins its last segment again, so that its latest events are there.
        fresh.or_else(|| {
            old.inspect(|_| runtime.file.count(header::LOST_EVENTS, events_in(ring.capacity.get())))
        })
    } else {
        runtime.rings.take(&runtime.file, local.number, old.is_some())
    };
    let Some(fresh) = fresh else {
        // Better the old one, wrapped, than none.
        ring.chunk.set(old.map(|old| old.chunk));
        return old.is_some();
    };
    if let Some(old) = old.filter(|_| !full_mode) {
        runtime.rings.give_back(old);
    }
    let Given { chunk: fresh, position } = fresh;
    let blocks = (fresh.len() - chunk::PAYLOAD) / 8 / event::BLOCK;
    let used = fresh.u64(chunk::USED);
    ring.capacity.set((blocks * event::BLOCK) as u64);
    ring.base.set(position.next_multiple_of(event::BLOCK as u64));
    // Release: a reader that finds the new owner finds where it began.
    fresh.u64(chunk::BASE).store(ring.base.get(), Ordering::Release);
    used.store(ring.base.get(), Ordering::Release);
    ring.position.set(ring.base.get());
    ring.published.set(used);
    ring.chunk.set(Some(fresh));
    local.slot.u64(slot::RING).store(fresh.offset(), Ordering::Relaxed);
    true
}

/// How many events so many words are: two words each on average, a little less.
fn events_in(words: u64) -> u64 {
    words * 2 / 3
}

/// No room: the events of a block are counted and go nowhere.
#[cold]
fn sink(local: &Local) {
    let ring = &local.ring;
    if ring.lost.replace(true) {
        local.runtime.file.count(header::LOST_EVENTS, events_in(event::BLOCK as u64));
    }
    // A place of its own: threads without a ring must not share a line.
    ring.published.set(&raw const ring.unread);
    ring.chunk.set(None);
    ring.bias.set((SINK.as_ptr() as usize / 8).wrapping_sub(local.position() as usize));
}

/// Writes the anchor of a block and what is held; gives the position behind it.
fn anchor(local: &Local, position: u64) -> u64 {
    let acquisitions = local.acquisitions();
    // Relaxed: written by this thread only.
    let others = local.slot.u64(slot::OTHER_EVENTS).load(Ordering::Relaxed);
    let depth = local.depth();
    let events = (acquisitions * 2).saturating_sub(u64::from(depth)).wrapping_add(others);
    let block = position / event::BLOCK as u64;
    local.store(position, words::first(event::ANCHOR, depth, block as u32));
    local.store(position + 1, local.anchored_ticks());
    local.store(position + 2, u64::from(local.segment.get()) | u64::from(local.number) << 32);
    local.store(position + 3, events);
    let mut behind = position + event::ANCHOR_WORDS as u64;
    for index in 0..(depth as usize).min(event::HELD_LISTED) {
        let Lock { instance, class, site_access } = local.lock_at(index);
        let op = event::HELD_BASE | (site_access >> 24) as u8 & event::ACQUIRE_MASK;
        local.store(behind, words::first(op, site_access, instance));
        local.store(behind + 1, Second { seq: 0, class, depth: index as u32 }.word(0));
        behind += 2;
    }
    local.publish(behind);
    behind
}

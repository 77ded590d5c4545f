// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! What is remembered of eight bytes: who wrote them last, and who has read them since.
//!
//! A side (writes, reads) is a word and the places of the access in the code, for the lower and the upper four bytes. What does not
//! fit is in a list: see [`records`](super::records). The places lie apart from the words, which most accesses need alone.

use super::contexts::Context;
use super::spin::pause;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// An access in a cell: slot (14 bits), time (40 bits), flags (2), which of the eight bytes (8). 0 for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(transparent)]
pub(super) struct Word(pub(super) u64);

/// Which of the bytes.
pub(super) const BYTES: u64 = 0xFF;
/// In place of an access: the address of a list, beginning with bit 10, in units of 64 bytes.
const LIST: u64 = 1 << 8;
/// Of the word of writes: somebody is changing the cell.
const LOCKED: u64 = 1 << 9;
const TIME_SHIFT: u32 = 10;
const SLOT_SHIFT: u32 = 50;
const TIMES: u64 = (1 << (SLOT_SHIFT - TIME_SHIFT)) - 1;

/// A slot and a time, as words have them, of no byte.
pub(super) fn epoch(slot: u16, time: u64) -> u64 {
    u64::from(slot) << SLOT_SHIFT | (time & TIMES) << TIME_SHIFT
}

impl Word {
    #[inline]
    pub(super) fn slot(self) -> u16 {
        (self.0 >> SLOT_SHIFT) as u16
    }

    #[inline]
    pub(super) fn time(self) -> u64 {
        self.0 >> TIME_SHIFT & TIMES
    }

    #[inline]
    pub(super) fn bytes(self) -> u64 {
        self.0 & BYTES
    }

    /// The same without bytes.
    #[inline]
    pub(super) fn epoch(self) -> u64 {
        self.0 & !BYTES
    }

    /// Whether it is an access in this epoch of all these bytes.
    #[inline(always)]
    pub(super) fn covers(self, epoch: u64, bytes: u64) -> bool {
        (self.0 ^ (epoch | bytes)) & (!BYTES | bytes) == 0
    }

    /// Whether it is an earlier access of the same thread to the same bytes.
    #[inline]
    pub(super) fn may_become(self, new: Self) -> bool {
        self.slot() == new.slot() && self.bytes() == new.bytes()
    }

    /// The address of the list that stands here.
    #[inline]
    pub(super) fn list(self) -> Option<usize> {
        (self.0 & LIST != 0).then_some((self.0 >> TIME_SHIFT << 6) as usize)
    }

    pub(super) fn of_list(address: usize) -> Self {
        Self((address as u64 >> 6) << TIME_SHIFT | LIST)
    }
}

/// Eight bytes of the program's memory. Zeros: nobody has accessed them. It lies in a [`Region`].
#[derive(Debug)]
#[repr(C, align(16))]
pub(super) struct Cell {
    writes: AtomicU64,
    reads: AtomicU64,
}

/// The places that belong to a cell.
#[derive(Debug)]
#[repr(C)]
struct Places {
    writes: [AtomicU32; 2],
    reads: [AtomicU32; 2],
}

const _: () = assert!(size_of::<Cell>() == size_of::<Places>());

/// Addresses in a cell: as many as an aligned word has bytes.
pub(super) const GRANULE: usize = 8;

/// The granules at the ends of a range that are not all in it, with which of their bytes are.
#[inline]
pub(super) fn parts(from: usize, to: usize) -> [Option<(usize, u64)>; 2] {
    let (first, last) = (from / GRANULE * GRANULE, to / GRANULE * GRANULE);
    let below = |at: usize| (1 << (at % GRANULE)) - 1;
    if from >= to {
        [None, None]
    } else if first == last {
        [Some((first, below(to) & !below(from))), None]
    } else {
        let head = (from > first).then(|| (first, BYTES & !below(from)));
        [head, (to > last).then(|| (last, below(to)))]
    }
}

/// Bits of an address within its region, of 1 GiB.
pub(super) const REGION_BITS: u32 = 30;

/// Cells of a region: with their places 4 GiB of address space.
pub(super) const CELLS: usize = (1 << REGION_BITS) / GRANULE;

/// Cells, and behind them their places. All zeros at first.
#[derive(Debug)]
#[repr(C)]
pub(super) struct Region {
    cells: [Cell; CELLS],
    places: [Places; CELLS],
}

impl Cell {
    /// Whether a read of these bytes in this epoch tells nothing new: this thread has read or written them in it.
    #[inline(always)]
    pub(super) fn has_read(&self, epoch: u64, bytes: u64) -> bool {
        // Relaxed: only this thread stores words with its epoch.
        let word = |word: &AtomicU64| Word(word.load(Ordering::Relaxed));
        word(&self.reads).covers(epoch, bytes) || word(&self.writes).covers(epoch, bytes)
    }

    /// As [`has_read`](Self::has_read), for a write.
    #[inline(always)]
    pub(super) fn has_written(&self, epoch: u64, bytes: u64) -> bool {
        // Relaxed: as above.
        Word(self.writes.load(Ordering::Relaxed)).covers(epoch, bytes)
    }

    /// Whether nobody has accessed the bytes.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        // Relaxed: a hint.
        self.writes.load(Ordering::Relaxed) | self.reads.load(Ordering::Relaxed) == 0
    }

    #[inline]
    fn places(&self) -> &Places {
        let at = std::ptr::from_ref(self).wrapping_add(CELLS).cast::<Places>();
        // SAFETY: the cell is one of a region, in which its places lie so far behind it; regions are never given back.
        unsafe { &*at }
    }

    /// Puts an access in place of all that is remembered, if that happened before it, is of no other bytes, and reads may be forgotten. `false`, and nothing is
    /// changed, when not; so it is for most accesses to bytes that no two threads use at a time. Nor when it `is_turn`, by the words of writes and of reads.
    #[inline(always)]
    pub(super) fn supersede(
        &self,
        new: Word,
        place: Context,
        is_write: bool,
        knows: impl Fn(Word) -> bool,
        may_forget: impl Fn(Word) -> bool,
        is_turn: impl Fn(Word, Word) -> bool,
    ) -> bool {
        let is_superseded = |old: Word| {
            old.0 == 0
                || old.0 & (LIST | LOCKED) == 0 && knows(old) && old.bytes() & !new.bytes() == 0
        };
        // Relaxed, here and below: protected by the flag, where that is set.
        let writes = Word(self.writes.load(Ordering::Relaxed));
        let may_stay = |old: Word| old.0 & (LIST | LOCKED) == 0 && knows(old);
        let reads = self.reads();
        let is_hopeless = reads.0 & LIST != 0 || writes.0 != 0 && is_turn(writes, reads);
        if is_hopeless || !is_superseded(writes) && (is_write || !may_stay(writes)) {
            return false;
        }
        let locked = writes.0 | LOCKED;
        let (taken, failed) = (Ordering::Acquire, Ordering::Relaxed);
        // Acquire: pairs with the Release below.
        if self.writes.compare_exchange(writes.0, locked, taken, failed).is_err() {
            return false;
        }
        let reads = Word(self.reads.load(Ordering::Relaxed));
        let is_possible = is_superseded(reads) && (reads.0 == 0 || may_forget(reads));
        let mut after = writes;
        if is_possible {
            let side = if is_write { &self.places().writes } else { &self.places().reads };
            side.iter().for_each(|half| half.store(place.0, Ordering::Relaxed));
            self.reads.store(if is_write { 0 } else { new.0 }, Ordering::Relaxed);
            after = if is_write { new } else { writes };
        }
        // Release: what was changed is seen by the next who changes it.
        self.writes.store(after.0, Ordering::Release);
        is_possible
    }

    /// Forgets all accesses where there is no list. `false`, and nothing is changed, when there is one.
    #[inline]
    pub(super) fn clear(&self) -> bool {
        let writes = self.begin();
        let is_possible = (writes.0 | self.reads().0) & LIST == 0;
        if is_possible {
            // Relaxed: protected by the flag.
            self.reads.store(0, Ordering::Relaxed);
        }
        self.finish(if is_possible { Word(0) } else { writes });
        is_possible
    }

    /// Waits until nobody else changes the cell, and keeps them from it. The word of writes.
    #[inline]
    pub(super) fn begin(&self) -> Word {
        let word = &self.writes;
        let mut round = 0;
        // Relaxed: what counts is the exchange below.
        let mut seen = word.load(Ordering::Relaxed) & !LOCKED;
        // Acquire: pairs with the Release of `finish`.
        while let Err(now) =
            word.compare_exchange_weak(seen, seen | LOCKED, Ordering::Acquire, Ordering::Relaxed)
        {
            seen = now & !LOCKED;
            if now & LOCKED != 0 {
                pause(&mut round);
            }
        }
        Word(seen)
    }

    /// Lets others change the cell again.
    #[inline]
    pub(super) fn finish(&self, writes: Word) {
        // Release: what was changed is seen by the next who changes it.
        self.writes.store(writes.0, Ordering::Release);
    }

    /// The word of reads. It changes, but for who has locked the cell.
    #[inline]
    pub(super) fn reads(&self) -> Word {
        // Relaxed: protected by the flag.
        Word(self.reads.load(Ordering::Relaxed))
    }

    /// Runs `body` while nobody else changes the cell.
    #[inline]
    pub(super) fn with<R>(&self, body: impl FnOnce(&mut Open) -> R) -> R {
        let writes = self.begin();
        self.with_locked(writes, body)
    }

    /// As [`with`](Self::with), of a cell that the thread has locked.
    #[inline]
    pub(super) fn with_locked<R>(&self, writes: Word, body: impl FnOnce(&mut Open) -> R) -> R {
        // Relaxed, here and below: protected by the flag.
        let places = self.places();
        let get = |side: &[AtomicU32; 2]| {
            side.each_ref().map(|place| Context(place.load(Ordering::Relaxed)))
        };
        let mut open = Open {
            writes: Records { word: writes, places: get(&places.writes) },
            reads: Records { word: self.reads(), places: get(&places.reads) },
        };
        let result = body(&mut open);
        let put = |side: &[AtomicU32; 2], records: &Records| {
            for (place, context) in side.iter().zip(records.places) {
                place.store(context.0, Ordering::Relaxed);
            }
        };
        put(&places.writes, &open.writes);
        put(&places.reads, &open.reads);
        self.reads.store(open.reads.word.0, Ordering::Relaxed);
        self.finish(open.writes.word);
        result
    }
}

/// A cell that one thread changes.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) writes: Records,
    pub(super) reads: Records,
}

/// A side of it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Records {
    pub(super) word: Word,
    pub(super) places: [Context; 2],
}

/// The four bytes of each half.
pub(super) const HALVES: [u64; 2] = [0x0F, 0xF0];

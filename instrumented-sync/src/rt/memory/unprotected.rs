// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! Places that threads access in turn under one lock, and accesses without it that nothing but the order of critical sections has kept apart from the others.
//!
//! A *turn* is an access after another thread's, one of which writes, that the other one came before. Both may hold a lock in common, the *guard*. Where they hold none,
//! and the order comes from locks alone, the turn is *odd*. That alone tells nothing: what is taken out of a queue or a pool under a lock is used without it, and
//! rightly. So an odd turn is only told of a place
//!
//! - that was written under its guard in several turns, most of all by far; such a place stays where it is, and others come to it. And it was accessed under its guard again
//!   after the odd turn, so nobody has taken it out for good; or it is a static, which nobody can take out;
//! - or of which both sides always hold locks, never one in common, where these belong to the place: it is a static, or they lie beside it.
//!
//! What several threads do is judged by the memory of one granule, with the same bytes. Places are kept in a table of fixed size: one more puts another out.

use super::accessed::Access;
use super::accessor::Accessor;
use super::allocated::allocated;
use super::cell::{GRANULE, Open, Word};
use super::contexts::Context;
use super::found::{Found, Guard, How, Kind, Past, Side};
use super::held::{self, Held};
use super::records::Record;
use super::spin::Spin;
use super::statics;
use crate::rt::object::lock::Lock;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};
use syncscope_recording::layout::access::SHARED;

/// Groups of places.
const GROUPS: usize = 1 << 12;
/// Places of a group.
const PLACES: usize = 2;

/// Turns that write under the guard before an odd one is told.
const AT_LEAST: u32 = 3;
/// ... and for each odd one.
const FOR_EACH: u32 = 2;
/// Turns under different locks before they are told of memory that is no static.
const APART: u32 = 4;
/// How often in all the block is looked for that a place lies in.
static SEARCHES: AtomicU32 = AtomicU32::new(256);

/// A place.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Its granule; 0 for none.
    granule: usize,
    /// Which of the bytes.
    bytes: u64,
    /// Instance 0: no two sides have held one in common.
    guard: Lock,
    turns: u32,
    /// Those under the guard, and of them those that write.
    guarded: u32,
    written: u32,
    odd: u32,
    /// Of the odd ones, those of two sides with locks; and of these, those whose later lock lies beside the place.
    apart: u32,
    beside: u32,
    /// The last odd access, as cells have it.
    last_odd: u64,
    /// The first odd turn.
    first: Option<(Past, Past)>,
    is_told: bool,
}

const NOTHING: Entry = Entry {
    granule: 0,
    bytes: 0,
    guard: Lock { instance: 0, class: 0, site_access: 0 },
    turns: 0,
    guarded: 0,
    written: 0,
    odd: 0,
    apart: 0,
    beside: 0,
    last_odd: 0,
    first: None,
    is_told: false,
};

type Group = Spin<[Entry; PLACES]>;

static TABLE: [Group; GROUPS] = [const { Spin::new([NOTHING; PLACES]) }; GROUPS];
/// What groups have, apart from them: most are asked for nothing else.
static STATES: [AtomicU8; GROUPS] = [const { AtomicU8::new(NONE) }; GROUPS];
/// No places.
const NONE: u8 = 0;
/// Some.
const SOME: u8 = 1;
/// Some, all of which have had many turns under their guard, and no odd one.
const SETTLED: u8 = 2;

/// Turns after which a place is settled.
const MANY: u32 = 64;
/// Of such places one in so many turns under a lock is looked at, and all that come without one.
const ONE_IN: u32 = 8;

#[inline(always)]
fn group(granule: usize) -> usize {
    (granule / GRANULE).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40 & (GROUPS - 1)
}

#[inline(always)]
fn state(address: usize) -> u8 {
    // Relaxed: whoever has accessed the place under its guard came before this thread, which otherwise has no turn.
    STATES[group(address)].load(Ordering::Relaxed)
}

/// Whether the place at this address may be known.
#[inline]
pub(super) fn may_have(address: usize) -> bool {
    state(address) != NONE
}

/// Whether an access at this address, after another thread's, is to be looked at. Of a place that is settled, one in so many.
#[inline(always)]
pub(super) fn is_watched(accessor: &Accessor, address: usize) -> bool {
    match state(address) {
        NONE => accessor.is_holding(),
        SETTLED => !accessor.is_holding() || accessor.is_due(ONE_IN),
        _ => true,
    }
}

/// The memory of a granule is another's.
#[inline]
pub(super) fn forget(granule: usize) {
    if may_have(granule) {
        TABLE[group(granule)].with(|places| {
            places
                .iter_mut()
                .filter(|place| place.granule == granule)
                .for_each(|place| *place = NOTHING);
        });
    }
}

/// A thread is about to access these bytes of an open cell, and is ordered with all that was done to them. What is to be told of the place, once.
#[cold]
pub(super) fn look(
    accessor: &Accessor,
    open: &Open,
    access: &Access,
    bytes: u64,
    place: Context,
) -> Option<Found> {
    let is_foreign = |word: Word| word.bytes() & bytes != 0 && word.slot() != accessor.slot();
    let write = || open.writes.find(is_foreign).map(|record| (record, How::Write));
    let read = || open.reads.find(is_foreign).map(|record| (record, How::Read));
    let (record, how) = if access.is_write { read().or_else(write) } else { write() }?;
    let own = Record { word: Word(accessor.epoch() | bytes), place };
    let (ours, theirs) = (held_at(own)?, held_at(record)?);
    let how_now = if access.is_write { How::Write } else { How::Read };
    let turn = Turn {
        earlier: Past { side: side(record, how), held: theirs },
        later: Past { side: side(own, how_now), held: ours },
        address: access.address,
        bytes,
    };
    if let Some(guard) = common(&ours, &theirs) {
        return turn.find(true, |entry| turn.guarded(entry, guard));
    }
    let is_ours = |word: Word| word.bytes() & bytes != 0 && word.slot() == accessor.slot();
    // The thread came to the place under a lock, and goes on without it.
    let came = open.reads.find(is_ours).and_then(held_at);
    if accessor.knows_firmly(record.word)
        || came.is_some_and(|came| common(&came, &theirs).is_some())
    {
        return None;
    }
    let are_apart = !ours.locks().is_empty()
        && !theirs.locks().is_empty()
        && !ours.instances().any(|instance| theirs.has(instance));
    turn.find(are_apart, |entry| turn.odd(entry, are_apart, accessor.last_lock.get()))
}

fn held_at(record: Record) -> Option<Held> {
    held::at(record.word.slot(), record.word.time()).filter(|held| !held.is_full())
}

fn side(Record { word, place }: Record, how: How) -> Side {
    Side { slot: word.slot(), time: word.time(), how, place }
}

/// The innermost lock of one that keeps the other away.
fn common(one: &Held, other: &Held) -> Option<Lock> {
    let is_shared = |lock: &Lock| (lock.site_access >> 24) as u8 & SHARED != 0;
    let excludes = |lock: &&Lock| {
        let same = other.locks().iter().find(|other| other.instance == lock.instance);
        lock.instance != 0 && same.is_some_and(|same| !is_shared(lock) || !is_shared(same))
    };
    one.locks().iter().rev().find(excludes).copied()
}

struct Turn {
    earlier: Past,
    later: Past,
    address: usize,
    bytes: u64,
}

impl Turn {
    /// Runs `body` with the entry of the place, which is made if `may_make`.
    fn find(
        &self,
        may_make: bool,
        body: impl FnOnce(&mut Entry) -> Option<Found>,
    ) -> Option<Found> {
        let granule = self.address / GRANULE * GRANULE;
        let index = group(granule);
        TABLE[index].with(|places| {
            let is_it = |place: &Entry| place.granule == granule && place.bytes == self.bytes;
            let at = match places.iter().position(is_it) {
                Some(at) => at,
                None if !may_make => return None,
                None => {
                    let at = usize::from(places[0].guarded > places[1].guarded);
                    places[at] = Entry { granule, bytes: self.bytes, ..NOTHING };
                    at
                }
            };
            let found = body(&mut places[at]);
            let is_settled =
                |place: &Entry| place.granule == 0 || place.odd == 0 && place.guarded >= MANY;
            let state = if places.iter().all(is_settled) { SETTLED } else { SOME };
            // Relaxed: see `state`.
            STATES[index].store(state, Ordering::Relaxed);
            found
        })
    }

    /// Both hold this lock.
    fn guarded(&self, entry: &mut Entry, lock: Lock) -> Option<Found> {
        let [ours, theirs] = [&self.later, &self.earlier].map(|past| past.held);
        let guard = entry.guard.instance;
        if !(ours.has(guard) && theirs.has(guard)) {
            entry.guard = lock;
        }
        entry.turns = entry.turns.saturating_add(1);
        entry.guarded = entry.guarded.saturating_add(1);
        if self.later.side.how == How::Write {
            entry.written = entry.written.saturating_add(1);
        }
        let (earlier, later) = entry.first?;
        self.told(entry, &earlier, &later)
    }

    /// They hold no lock in common.
    fn odd(&self, entry: &mut Entry, are_apart: bool, last_lock: usize) -> Option<Found> {
        let guard = entry.guard.instance;
        let [is_later, is_earlier] =
            [&self.later, &self.earlier].map(|past| guard != 0 && !past.held.has(guard));
        let epoch = |past: &Past| super::cell::epoch(past.side.slot, past.side.time);
        // It was counted when it came.
        if is_earlier && !is_later && entry.last_odd == epoch(&self.earlier) {
            return None;
        }
        if is_later {
            entry.last_odd = epoch(&self.later);
        }
        let is_static = statics::contain(self.address);
        entry.turns = entry.turns.saturating_add(1);
        entry.odd = entry.odd.saturating_add(1);
        if are_apart {
            entry.apart = entry.apart.saturating_add(1);
            if !is_static && entry.apart <= APART {
                entry.beside += u32::from(is_beside(self.address, last_lock));
            }
        }
        let (earlier, later) = *entry.first.get_or_insert((self.earlier, self.later));
        let is_apart = entry.guarded == 0
            && entry.apart == entry.odd
            && (is_static || entry.apart == APART && entry.beside == APART);
        if is_static || is_apart { self.told(entry, &earlier, &later) } else { None }
    }

    /// The finding, if the place is told now.
    fn told(&self, entry: &mut Entry, earlier: &Past, later: &Past) -> Option<Found> {
        let is_apart = entry.guarded == 0 && entry.apart == entry.odd;
        let is_odd = entry.written >= AT_LEAST && entry.written / FOR_EACH >= entry.odd;
        if entry.is_told || !is_apart && !is_odd {
            return None;
        }
        entry.is_told = true;
        let guard = (entry.guarded > 0).then_some(Guard {
            lock: entry.guard,
            turns: entry.guarded,
            of: entry.turns,
        });
        Some(Found {
            kind: Kind::Unprotected,
            address: self.address,
            size: self.bytes.count_ones() as usize,
            earlier: earlier.side,
            between: None,
            again: None,
            later: later.side,
            held: Some([earlier.held, later.held]),
            guard,
        })
    }
}

/// Whether a lock lies in the same block of memory.
fn is_beside(address: usize, lock: usize) -> bool {
    // Relaxed: a budget.
    let may_search =
        SEARCHES.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
    let block = may_search.ok().and_then(|_| allocated(address));
    block.is_some_and(|block| (block.start..block.start + block.size).contains(&lock))
}

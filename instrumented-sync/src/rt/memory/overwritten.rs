// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! What threads have read under a lock, and another one has written since, under the same lock: who writes there when it holds that lock again may do so by
//! what is no longer true. Whether it has checked again is for a reader to judge, who knows the places: it may also have read to change what is there.
//!
//! A read and a write count as one operation where the thread did not have the lock between the two, and one call, near both, made both. Where
//! somebody else has read what came in between, it was consumed, as a place in a ring is, and nothing is lost.

use super::accessed::Access;
use super::accessor::Accessor;
use super::cell::{GRANULE, Open, Word};
use super::contexts::Context;
use super::found::{Found, How, Kind, Side};
use super::held::{self, Held};
use super::records::Record;
use super::spin::Spin;
use std::sync::atomic::{AtomicBool, Ordering};

/// Groups of granules whose reads are remembered together.
const GROUPS: usize = 1 << 10;
/// Reads of a group; later ones replace them.
const READS: usize = 4;

/// A read under a lock, and the write that came after it.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Of the granule; 0 for none.
    granule: usize,
    read: Record,
    /// The lock that the thread held.
    lock: u32,
    /// The last write of another thread that held the lock, if there was one.
    written: Record,
}

const NOTHING: Record = Record { word: Word(0), place: Context::NONE };

#[derive(Debug)]
struct Group {
    are_any: AtomicBool,
    entries: Spin<[Entry; READS]>,
}

static TABLE: [Group; GROUPS] = [const {
    let none = Entry { granule: 0, read: NOTHING, lock: 0, written: NOTHING };
    Group { are_any: AtomicBool::new(false), entries: Spin::new([none; READS]) }
}; GROUPS];

fn group(granule: usize) -> &'static Group {
    let mixed = (granule / GRANULE).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    &TABLE[(mixed >> 40) % GROUPS]
}

/// Whether reads of this address may be remembered.
#[inline]
pub(super) fn may_have(address: usize) -> bool {
    // Relaxed: whoever has read what this thread writes came before it.
    group(address / GRANULE * GRANULE).are_any.load(Ordering::Relaxed)
}

/// A thread that holds a lock is about to access these bytes of an open cell. If it writes: what it has read there before, if another one has written since.
pub(super) fn look(
    accessor: &Accessor,
    open: &Open,
    access: &Access,
    bytes: u64,
    place: Context,
) -> Option<Found> {
    let granule = access.address / GRANULE * GRANULE;
    let is_foreign = |word: Word| word.slot() != accessor.slot() && word.bytes() & bytes != 0;
    let own = Record { word: Word(accessor.epoch() | bytes), place };
    open.reads.each(|read| {
        if is_foreign(read.word) && accessor.knows(read.word) {
            remember(accessor, granule, read, own);
        }
    });
    if !access.is_write || !may_have(access.address) {
        return None;
    }
    let known = write(accessor, granule, own)?;
    let is_last =
        |word: Word| word.epoch() == known.written.word.epoch() && word.bytes() & bytes != 0;
    open.writes.find(is_last)?;
    // Somebody has consumed what was written.
    if open.reads.find(is_foreign).is_some() {
        return None;
    }
    let is_later = |word: Word| word.bytes() & bytes != 0 && word.time() > known.read.word.time();
    judge(accessor, &known, open.reads.find(is_later), own, access.address)
}

/// The thread accesses what another one has read; that read is the last of its thread.
#[cold]
fn remember(accessor: &Accessor, granule: usize, read: Record, own: Record) {
    let theirs = held::at(read.word.slot(), read.word.time());
    let ours = held::at(accessor.slot(), own.word.time());
    let (Some(theirs), Some(ours)) = (theirs, ours) else { return };
    let Some(lock) = common(&theirs, &ours) else { return };
    let group = group(granule);
    group.entries.with(|entries| {
        let is_same =
            |entry: &Entry| entry.granule == granule && entry.read.word.slot() == read.word.slot();
        let at = entries.iter().position(is_same);
        let at = at.or_else(|| entries.iter().position(|entry| entry.granule == 0));
        let at = at.unwrap_or_else(|| {
            entries.rotate_left(1);
            READS - 1
        });
        entries[at] = Entry { granule, read, lock, written: NOTHING };
    });
    // Relaxed: see `may_have`.
    group.are_any.store(true, Ordering::Relaxed);
}

/// The thread writes. What it has read there before, if another one has written since.
#[cold]
fn write(accessor: &Accessor, granule: usize, own: Record) -> Option<Entry> {
    let held = held::at(accessor.slot(), own.word.time())?;
    group(granule).entries.with(|entries| {
        let mut known = None;
        for entry in entries.iter_mut().filter(|entry| entry.granule == granule) {
            if entry.read.word.slot() != accessor.slot() {
                let holds = held.instances().any(|instance| instance == entry.lock);
                entry.written = if holds { own } else { NOTHING };
            } else {
                known = Some(*entry);
                entry.granule = 0;
            }
        }
        known.filter(|entry| entry.written.word.0 != 0)
    })
}

fn common(one: &Held, other: &Held) -> Option<u32> {
    let mut both = one.instances().filter(|instance| *instance != 0);
    both.find(|instance| other.instances().any(|known| known == *instance))
}

#[cold]
fn judge(
    accessor: &Accessor,
    known: &Entry,
    again: Option<Record>,
    written: Record,
    address: usize,
) -> Option<Found> {
    let (slot, from, now) = (accessor.slot(), known.read.word.time(), written.word.time());
    if held::acquisitions(slot, (from, now), known.lock) != Some(1)
        || !accessor.calls.were_near(known.read.place, from)
    {
        return None;
    }
    let side = |record: &Record, how| Side {
        slot: record.word.slot(),
        time: record.word.time(),
        how,
        place: record.place,
    };
    let bytes = known.read.word.bytes() & written.word.bytes();
    Some(Found {
        kind: Kind::CheckThenAct,
        address,
        size: bytes.count_ones().max(1) as usize,
        earlier: side(&known.read, How::Read),
        between: Some(side(&known.written, How::Write)),
        again: again.map(|record| side(&record, How::Read)),
        later: Side { time: 0, ..side(&written, How::Write) },
        held: None,
        guard: None,
    })
}

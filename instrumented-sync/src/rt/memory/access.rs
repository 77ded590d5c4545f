// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! One access is checked.

use super::accessed::{Access, Effect};
use super::accessor::Accessor;
use super::cell::{BYTES, Cell, GRANULE, Open, Records, Word};
use super::contexts::Context;
use super::doubt::confirmed;
use super::found::{Found, How, Kind, Side};
use super::loaded::Loaded;
use super::lost_update;
use super::mode;
use super::overwritten;
use super::records::Record;
use super::shadow;
use super::sync::{self, Sync};
use super::unprotected;
use std::sync::atomic::Ordering;

/// The bytes of a granule that an access has, which does not go beyond it.
#[inline(always)]
fn bytes_of(address: usize, size: usize) -> u64 {
    if size == GRANULE { BYTES } else { (((1 << size) - 1) << (address % GRANULE)) & BYTES }
}

/// The thread reads aligned bytes now. Whether that tells nothing new.
#[inline(always)]
pub(crate) fn has_read<const SIZE: usize>(accessor: &Accessor, address: usize) -> bool {
    let epoch = accessor.epoch_if_begun();
    shadow::known(address).is_some_and(|cell| cell.has_read(epoch, bytes_of(address, SIZE)))
}

/// As [`has_read`], for a write.
#[inline(always)]
pub(crate) fn has_written<const SIZE: usize>(accessor: &Accessor, address: usize) -> bool {
    let epoch = accessor.epoch_if_begun();
    shadow::known(address).is_some_and(|cell| cell.has_written(epoch, bytes_of(address, SIZE)))
}

/// Checks an access of aligned bytes that supersedes all that is remembered of them, as most do. `false`, and nothing is done, if it does not.
#[inline(always)]
pub(crate) fn supersede<const SIZE: usize, const IS_WRITE: bool>(
    accessor: &Accessor,
    address: usize,
    at: usize,
) -> bool {
    let Some(cell) = shadow::known(address).filter(|_| accessor.is_free()) else { return false };
    if IS_WRITE && accessor.is_holding() && overwritten::may_have(address) {
        return false;
    }
    accessor.run(|| {
        let new = Word(accessor.epoch() | bytes_of(address, SIZE));
        let place = accessor.calls.here(at);
        // What another thread has done is looked at where locks are held, see `overwritten`, and at places that are accessed under a lock.
        let is_watched = || unprotected::is_watched(accessor, address);
        let may_forget =
            |read: Word| read.slot() == accessor.slot() || !accessor.is_holding() && !is_watched();
        let is_turn = |write: Word, read: Word| {
            write.slot() != accessor.slot()
                && (IS_WRITE || read.slot() != accessor.slot() || read.0 == 0)
                && is_watched()
        };
        let knows = |word| accessor.knows(word);
        cell.supersede(new, place, IS_WRITE, knows, may_forget, is_turn)
    })
}

/// As [`has_read`], of bytes at any address.
#[inline(always)]
pub(crate) fn has_read_across<const SIZE: usize>(accessor: &Accessor, address: usize) -> bool {
    let epoch = accessor.epoch_if_begun();
    in_granules::<SIZE>(address, |cell, bytes| cell.has_read(epoch, bytes))
}

/// As [`has_written`], of bytes at any address.
#[inline(always)]
pub(crate) fn has_written_across<const SIZE: usize>(accessor: &Accessor, address: usize) -> bool {
    let epoch = accessor.epoch_if_begun();
    in_granules::<SIZE>(address, |cell, bytes| cell.has_written(epoch, bytes))
}

/// Whether all granules of up to eight bytes at any address are as `is_so` says.
#[inline(always)]
fn in_granules<const SIZE: usize>(
    address: usize,
    is_so: impl Fn(&'static Cell, u64) -> bool,
) -> bool {
    let all = ((1_u64 << SIZE) - 1) << (address % GRANULE);
    let (bytes, rest) = (all & BYTES, all >> GRANULE);
    shadow::known(address).is_some_and(|cell| is_so(cell, bytes))
        && (rest == 0 || shadow::known(address + GRANULE).is_some_and(|cell| is_so(cell, rest)))
}

/// Checks an access of at most eight bytes that lie in one granule. The race that it is part of, if there is one.
pub(crate) fn check(accessor: &Accessor, access: Access) -> Option<Found> {
    let cell = shadow::of(access.address)?;
    let bytes = bytes_of(access.address, access.size);
    let place = accessor.calls.here(access.at);
    let epoch = accessor.epoch();
    let writes = cell.begin();
    let is_known = |side: Word| Records::covers(side, epoch, bytes);
    let is_done = if access.is_write {
        is_known(writes)
    } else {
        // What several threads read, and nobody writes meanwhile.
        let may_renew = || writes.list().is_none() && (writes.0 == 0 || accessor.knows(writes));
        let renew = || Records::renew_in_list(cell.reads(), epoch, bytes, place);
        is_known(writes) || is_known(cell.reads()) || may_renew() && renew()
    };
    if is_done {
        cell.finish(writes);
        return None;
    }
    let (earlier, acted) = cell.with_locked(writes, |open| {
        let earlier = conflict(open, accessor, bytes, access.is_write);
        let is_ordered = earlier.is_none() && !mode::is_sampled();
        let has_turn =
            is_ordered && (accessor.is_holding() || unprotected::may_have(access.address));
        let acted = (is_ordered && accessor.is_holding())
            .then(|| overwritten::look(accessor, open, &access, bytes, place))
            .flatten();
        let odd = || unprotected::look(accessor, open, &access, bytes, place);
        let acted = acted.or_else(|| has_turn.then(odd).flatten());
        note(open, accessor, epoch, bytes, place, access.is_write);
        (earlier, acted)
    });
    if acted.is_some() {
        return acted;
    }
    let earlier = confirmed(accessor, earlier?)?;
    let how = if access.is_write { How::Write } else { How::Read };
    Some(found(accessor, &access, earlier, how, place))
}

pub(super) fn found(
    accessor: &Accessor,
    access: &Access,
    earlier: (Record, How),
    how: How,
    place: Context,
) -> Found {
    let own = Side { slot: accessor.slot(), time: 0, how, place };
    let (record, earlier) = earlier;
    Found {
        kind: Kind::Race,
        address: access.address,
        size: access.size,
        between: None,
        again: None,
        earlier: Side {
            slot: record.word.slot(),
            time: record.word.time(),
            how: earlier,
            place: record.place,
        },
        later: own,
        held: None,
        guard: None,
    }
}

/// An earlier access that a plain one of these bytes is not ordered with.
#[inline]
pub(super) fn conflict(
    open: &Open,
    accessor: &Accessor,
    bytes: u64,
    is_write: bool,
) -> Option<(Record, How)> {
    let plain = plain_conflict(open, accessor, bytes, is_write);
    if plain.is_some() || open.writes.atomics().is_null() {
        return plain;
    }
    let is_unknown = |word: Word| word.bytes() & bytes != 0 && !accessor.knows(word);
    sync::find(open, |atomic| {
        let store = atomic.stores.find(is_unknown).map(|record| (record, How::AtomicWrite));
        let load = || atomic.loads.find(is_unknown).map(|record| (record, How::AtomicRead));
        store.or_else(|| if is_write { load() } else { None })
    })
}

/// As [`conflict`], with plain ones only.
#[inline]
pub(super) fn plain_conflict(
    open: &Open,
    accessor: &Accessor,
    bytes: u64,
    is_write: bool,
) -> Option<(Record, How)> {
    let is_unknown = |word: Word| word.bytes() & bytes != 0 && !accessor.knows(word);
    let write = open.writes.find(is_unknown).map(|record| (record, How::Write));
    let read = || open.reads.find(is_unknown).map(|record| (record, How::Read));
    write.or_else(|| if is_write { read() } else { None })
}

/// Remembers a plain access.
#[inline]
pub(super) fn note(
    open: &mut Open,
    accessor: &Accessor,
    epoch: u64,
    bytes: u64,
    place: Context,
    is_write: bool,
) {
    if is_write {
        open.writes.put(&accessor.stash, epoch, bytes, place, |_| true);
        // Whoever knows of the write knows of these reads.
        if open.reads.word.list().is_none() && open.reads.word.bytes() & !bytes == 0 {
            open.reads = super::cell::Records::default();
        }
    } else {
        let is_listed = open.reads.word.list().is_some();
        if !(is_listed && open.reads.renew(epoch, bytes, place)) {
            open.reads.put(&accessor.stash, epoch, bytes, place, |word| accessor.knows(word));
        }
    }
}

/// Does an atomic operation and checks it. `real` does it and says what it did; nobody else does one on these eight bytes meanwhile.
#[inline]
pub(crate) fn atomic<T>(
    accessor: &Accessor,
    access: Access,
    real: impl FnOnce() -> (T, Effect, Ordering),
) -> (T, Option<Found>) {
    let Some(cell) = shadow::of(access.address) else { return (real().0, None) };
    let bytes = bytes_of(access.address, access.size);
    let (byte, writes) = ((access.address % GRANULE) as u8, cell.begin());
    let is_past = |word: Word| word.bytes() & bytes == 0 || accessor.knows(word);
    // What is there after the first operations: a variable whose plain accesses all come before.
    if let Some(sync) = sync::only(writes, byte, is_past)
        && (!access.is_write || cell.reads().list().is_none() && is_past(cell.reads()))
    {
        let (value, effect, order) = real();
        let lost = note_operation(accessor, sync, &access, effect, order);
        let birth = sync.birth();
        cell.finish(writes);
        lost_update::note(accessor, birth, &access, effect);
        return (value, lost.map(|lost| lost_update::found(accessor, &access, lost)));
    }
    let (value, earlier, lost) = cell.with_locked(writes, |open| {
        let Some(sync) = sync::of(open, &accessor.stash, byte) else {
            return (real().0, None, None);
        };
        let (value, effect, order) = real();
        let lost = note_operation(accessor, sync, &access, effect, order);
        lost_update::note(accessor, sync.birth(), &access, effect);
        // What was told by those from which it has read comes before it.
        let is_unknown = |word: Word| !is_past(word);
        let write = open.writes.find(is_unknown).map(|record| (record, How::Write));
        let read = || open.reads.find(is_unknown).map(|record| (record, How::Read));
        let earlier = match effect {
            Effect::Load(_) => write.map(|write| (write, How::AtomicRead)),
            _ => write.or_else(read).map(|earlier| (earlier, How::AtomicWrite)),
        };
        (value, earlier, lost)
    });
    let found = earlier.and_then(|(earlier, how)| {
        let place = accessor.calls.here(access.at);
        Some(found(accessor, &access, confirmed(accessor, earlier)?, how, place))
    });
    let lost = || lost.map(|lost| lost_update::found(accessor, &access, lost));
    (value, found.or_else(lost))
}

/// Remembers an operation, and what it orders. What is lost by it.
#[inline]
fn note_operation(
    accessor: &Accessor,
    sync: &mut Sync,
    access: &Access,
    effect: Effect,
    order: Ordering,
) -> Option<(Loaded, Record)> {
    let (epoch, bytes) = (accessor.epoch(), bytes_of(access.address, access.size));
    let lost = match effect {
        Effect::Store { before, now } => {
            lost_update::overwritten(accessor, sync, access.address, (before, now))
        }
        Effect::Load(_) | Effect::Modify => None,
    };
    let side = if matches!(effect, Effect::Load(_)) { &mut sync.loads } else { &mut sync.stores };
    if !side.has(epoch, bytes) {
        let place = accessor.calls.here(access.at);
        if !side.renew(epoch, bytes, place) {
            side.put(&accessor.stash, epoch, bytes, place, |word| accessor.knows(word));
        }
    }
    match effect {
        Effect::Load(_) => {
            sync.load(accessor, order);
            if access.is_write {
                accessor.note_refused(access.address);
            }
        }
        Effect::Store { .. } => sync.store(accessor, order),
        Effect::Modify => sync.modify(accessor, order),
    }
    lost
}

/// A fence.
pub(crate) fn fence(accessor: &Accessor, order: Ordering) {
    if matches!(order, Ordering::Acquire | Ordering::AcqRel | Ordering::SeqCst) {
        accessor.fence_acquire();
    }
    if matches!(order, Ordering::Release | Ordering::AcqRel | Ordering::SeqCst) {
        accessor.fence_release();
    }
}

/// The lock at an address was acquired.
pub(crate) fn acquired(accessor: &Accessor, lock: usize, shared: bool) {
    accessor.last_lock.set(lock);
    of_lock(accessor, lock, |sync| sync.acquired(accessor, shared));
}

/// The lock at an address is about to be released.
pub(crate) fn released(accessor: &Accessor, lock: usize, shared: bool) {
    accessor.last_lock.set(lock);
    of_lock(accessor, lock, |sync| sync.released(accessor, shared));
}

/// The lock at an address hands over, see [`Sync::hand_over`].
pub(crate) fn hand_over(accessor: &Accessor, lock: usize) {
    of_lock(accessor, lock, Sync::hand_over);
}

fn of_lock(accessor: &Accessor, lock: usize, body: impl FnOnce(&mut Sync)) {
    let Some(cell) = shadow::of(lock) else { return };
    cell.with(|open| {
        if let Some(sync) = sync::of(open, &accessor.stash, sync::LOCK) {
            body(sync);
        }
    });
}

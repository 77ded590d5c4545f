// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! One access is checked.

use super::accessor::Accessor;
use super::cell::{BYTES, GRANULE, Open, Word};
use super::contexts::Context;
use super::doubt::confirmed;
use super::found::{Found, How, Side};
use super::records::Record;
use super::shadow;
use super::sync::{self, Sync};
use std::sync::atomic::Ordering;

/// An access: so many bytes from an address, by the code before a return address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Access {
    pub(crate) address: usize,
    pub(crate) size: usize,
    pub(crate) is_write: bool,
    pub(crate) at: usize,
}

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

/// Checks an access of at most eight bytes that lie in one granule. The race that it is part of, if there is one.
#[inline]
pub(crate) fn check(accessor: &Accessor, access: Access) -> Option<Found> {
    let cell = shadow::of(access.address)?;
    let bytes = bytes_of(access.address, access.size);
    let place = accessor.here(access.at);
    let epoch = accessor.epoch();
    let earlier = cell.with(|open| {
        let earlier = conflict(open, accessor, bytes, access.is_write);
        note(open, accessor, epoch, bytes, place, access.is_write);
        earlier
    });
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
        address: access.address,
        size: access.size,
        earlier: Side {
            slot: record.word.slot(),
            time: record.word.time(),
            how: earlier,
            place: record.place,
        },
        later: own,
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

/// What an atomic operation did.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Effect {
    Load,
    Store,
    Modify,
}

/// Does an atomic operation and checks it. `real` does it and says what it did; nobody else does one on these eight bytes meanwhile.
pub(crate) fn atomic<T>(
    accessor: &Accessor,
    access: Access,
    real: impl FnOnce() -> (T, Effect, Ordering),
) -> (T, Option<Found>) {
    let Some(cell) = shadow::of(access.address) else { return (real().0, None) };
    let bytes = bytes_of(access.address, access.size);
    let place = accessor.here(access.at);
    let epoch = accessor.epoch();
    let (value, earlier, how) = cell.with(|open| {
        // Before the thread learns what orders it with those after the operation.
        let is_unknown = |word: Word| word.bytes() & bytes != 0 && !accessor.knows(word);
        let write = open.writes.find(is_unknown).map(|record| (record, How::Write));
        let read = open.reads.find(is_unknown).map(|record| (record, How::Read));
        let Some(sync) = sync::of(open, &accessor.stash, (access.address % GRANULE) as u8) else {
            return (real().0, None, How::AtomicRead);
        };
        let (value, effect, order) = real();
        let is_past = |word: Word| accessor.knows(word);
        let earlier = match effect {
            Effect::Load => {
                if !sync.loads.renew(epoch, bytes, place) {
                    sync.loads.put(&accessor.stash, epoch, bytes, place, is_past);
                }
                sync.load(accessor, order);
                write
            }
            Effect::Store | Effect::Modify => {
                if !sync.stores.renew(epoch, bytes, place) {
                    sync.stores.put(&accessor.stash, epoch, bytes, place, is_past);
                }
                match effect {
                    Effect::Modify => sync.modify(accessor, order),
                    _ => sync.store(accessor, order),
                }
                write.or(read)
            }
        };
        if access.is_write && matches!(effect, Effect::Load) {
            accessor.note_refused(access.address);
        }
        let how = if matches!(effect, Effect::Load) { How::AtomicRead } else { How::AtomicWrite };
        (value, earlier, how)
    });
    let earlier = earlier.and_then(|earlier| confirmed(accessor, earlier));
    (value, earlier.map(|earlier| found(accessor, &access, earlier, how, place)))
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
    of_lock(accessor, lock, |sync| sync.acquired(accessor, shared));
}

/// The lock at an address is about to be released.
pub(crate) fn released(accessor: &Accessor, lock: usize, shared: bool) {
    of_lock(accessor, lock, |sync| sync.released(accessor, shared));
}

fn of_lock(accessor: &Accessor, lock: usize, body: impl FnOnce(&mut Sync)) {
    let Some(cell) = shadow::of(lock) else { return };
    cell.with(|open| {
        if let Some(sync) = sync::of(open, &accessor.stash, sync::LOCK) {
            body(sync);
        }
    });
}

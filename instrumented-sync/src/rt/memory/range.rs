//! Accesses of many bytes.

use super::access::{check, conflict, found, note, plain_conflict};
use super::accessed::Access;
use super::accessor::Accessor;
use super::allocated;
use super::cell::{BYTES, Cell, GRANULE, Open, Word, parts};
use super::doubt::confirmed;
use super::found::{Found, How};
use super::records::Record;
use super::shadow;

/// Checks an access of any size at any address. The first race that it is part of.
pub(crate) fn check_range(accessor: &Accessor, access: Access) -> Option<Found> {
    let Access { address, size, is_write, at } = access;
    let end = address.checked_add(size)?;
    let how = if is_write { How::Write } else { How::Read };
    let (mut first, mut from) = (None, address);
    // What does not fill its granule.
    let head = (end.min(from.next_multiple_of(GRANULE))) - from;
    if head > 0 {
        first = check(accessor, Access { address: from, size: head, is_write, at });
        from += head;
    }
    let whole = end / GRANULE * GRANULE;
    if from < whole {
        let (place, epoch) = (accessor.calls.here(at), accessor.epoch());
        let knows = |word: Word| accessor.knows(word);
        let is_done = |cell: &Cell| {
            let is_known = match is_write {
                true => cell.has_written(epoch, BYTES),
                false => cell.has_read(epoch, BYTES),
            };
            is_known
                || cell.supersede(
                    Word(epoch | BYTES),
                    place,
                    is_write,
                    knows,
                    |_| true,
                    |_, _| false,
                )
        };
        let look = |open: &mut Open| {
            let earlier = conflict(open, accessor, BYTES, is_write);
            note(open, accessor, epoch, BYTES, place, is_write);
            earlier
        };
        let access = Access { address: from, size: whole - from, is_write, at };
        shadow::prepare(from, whole);
        first = first.or(walk(accessor, access, how, is_done, look));
        from = whole;
    }
    if from < end {
        let tail = check(accessor, Access { address: from, size: end - from, is_write, at });
        first = first.or(tail);
    }
    first
}

/// Bytes at the beginning of a block that are looked at when it is given back.
const LOOKED_AT: usize = 1 << 18;

/// The memory is about to be given back: the first access that this is not ordered with. What is accessed in it before it has a new owner is not
/// ordered with this.
pub(crate) fn check_free(
    accessor: &Accessor,
    address: usize,
    size: usize,
    at: usize,
) -> Option<Found> {
    let end = address.checked_add(size.min(LOOKED_AT))?;
    let (place, epoch) = (accessor.calls.here(at), accessor.epoch());
    // Not with atomics: the last one before, by the thread that gives back, may be in code of std's that we do not see.
    let look = |open: &mut Open, bytes: u64| {
        let earlier = plain_conflict(open, accessor, bytes, true);
        note(open, accessor, epoch, bytes, place, true);
        earlier
    };
    let mut found_in_part = None;
    for (granule, bytes) in parts(address, end).into_iter().flatten() {
        let cell = shadow::known(granule).filter(|cell| !cell.is_empty());
        let earlier = cell.and_then(|cell| cell.with(|open| look(open, bytes)));
        if let Some(earlier) = earlier.and_then(|earlier| confirmed(accessor, earlier)) {
            let access = Access { address: granule, size: GRANULE, is_write: true, at };
            found_in_part = Some(found(accessor, &access, earlier, How::Free, place));
        }
    }
    let (from, end) = (address.next_multiple_of(GRANULE), end / GRANULE * GRANULE);
    let access = Access { address: from, size: end.saturating_sub(from), is_write: true, at };
    let knows = |word: Word| accessor.knows(word);
    let is_done = |cell: &Cell| {
        cell.is_empty()
            || cell.supersede(Word(epoch | BYTES), place, true, knows, |_| true, |_, _| false)
    };
    let found = walk(accessor, access, How::Free, is_done, |open| look(open, BYTES));
    let found = found.or(found_in_part);
    if found.is_none() {
        allocated::forget(address);
    }
    found
}

/// Looks at all cells of a range, as far as there are any, but those of which that `is_done`. The first race.
fn walk(
    accessor: &Accessor,
    access: Access,
    how: How,
    is_done: impl Fn(&Cell) -> bool,
    look: impl Fn(&mut Open) -> Option<(Record, How)>,
) -> Option<Found> {
    let Access { address, size, .. } = access;
    let (mut first, mut from) = (None, address);
    while from < address + size {
        let to = (address + size).min(shadow::end_of_region(from));
        for (index, cell) in shadow::cells(from, to).iter().enumerate() {
            if is_done(cell) {
                continue;
            }
            let earlier = cell.with(&look).filter(|_| first.is_none());
            if let Some(earlier) = earlier.and_then(|earlier| confirmed(accessor, earlier)) {
                let access = Access { address: from + index * GRANULE, size: GRANULE, ..access };
                first =
                    Some(found(accessor, &access, earlier, how, accessor.calls.here(access.at)));
            }
        }
        from = to;
    }
    first
}

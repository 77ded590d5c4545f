//! Accesses of many bytes.

use super::access::{Access, check, conflict, found, note, plain_conflict};
use super::accessor::Accessor;
use super::cell::{BYTES, GRANULE};
use super::doubt::confirmed;
use super::found::{Found, How};
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
    let (place, epoch) = (accessor.here(at), accessor.epoch());
    while end - from >= GRANULE {
        let Some(_) = shadow::of(from) else { return first };
        let to = (end / GRANULE * GRANULE).min(shadow::end_of_region(from));
        for (index, cell) in shadow::cells(from, to).iter().enumerate() {
            let is_known =
                if is_write { cell.has_written(epoch, BYTES) } else { cell.has_read(epoch, BYTES) };
            if is_known {
                continue;
            }
            let earlier = cell.with(|open| {
                let earlier = conflict(open, accessor, BYTES, is_write);
                note(open, accessor, epoch, BYTES, place, is_write);
                earlier
            });
            let earlier = earlier.filter(|_| first.is_none());
            if let Some(earlier) = earlier.and_then(|earlier| confirmed(accessor, earlier)) {
                let address = from + index * GRANULE;
                let access = Access { address, size: GRANULE, is_write, at };
                first = Some(found(accessor, &access, earlier, how, place));
            }
        }
        from = to;
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
    let (place, epoch) = (accessor.here(at), accessor.epoch());
    let (mut first, mut from) = (None, address / GRANULE * GRANULE);
    while from < end {
        let to = end.min(shadow::end_of_region(from));
        for (index, cell) in shadow::cells(from, to).iter().enumerate() {
            if cell.is_empty() {
                continue;
            }
            // Not with atomics: the last one before, by the thread that gives back, may be in code of std's that we do not see.
            let earlier = cell.with(|open| {
                let earlier = plain_conflict(open, accessor, BYTES, true);
                note(open, accessor, epoch, BYTES, place, true);
                earlier
            });
            let earlier = earlier.filter(|_| first.is_none());
            if let Some(earlier) = earlier.and_then(|earlier| confirmed(accessor, earlier)) {
                let address = from + index * GRANULE;
                let access = Access { address, size: GRANULE, is_write: true, at };
                first = Some(found(accessor, &access, earlier, How::Free, place));
            }
        }
        from = to;
    }
    first
}

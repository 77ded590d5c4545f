//! Memory has a new owner: what was accessed before is forgotten.

use super::accessor::current;
use super::allocated;
use super::cell::{self, Cell, GRANULE};
use super::pool::Stash;
use super::shadow;
use super::sync;
use super::unprotected;

/// A block was allocated by the code before a return address.
pub(crate) fn fresh(block: usize, size: usize, at: usize) {
    forget(block, size);
    if let Some(accessor) = current() {
        accessor.note_fresh(block);
        accessor.enter(|| allocated::note(&accessor.calls, accessor.epoch(), (block, size), at));
    }
}

/// Forgets all accesses to a range of addresses.
pub(crate) fn forget(address: usize, size: usize) {
    match current() {
        Some(accessor) => forget_with(&accessor.stash, address, size),
        None => {
            let stash = Stash::new();
            forget_with(&stash, address, size);
            stash.empty();
        }
    }
}

fn forget_with(stash: &Stash, address: usize, size: usize) {
    let Some(end) = address.checked_add(size) else { return };
    for (at, bytes) in cell::parts(address, end).into_iter().flatten() {
        forget_part(stash, at, bytes);
    }
    let (mut from, end) = (address.next_multiple_of(GRANULE), end / GRANULE * GRANULE);
    while from < end {
        let to = end.min(shadow::end_of_region(from));
        let cells = shadow::cells(from, to);
        if cells.len() < MANY {
            empty(stash, from, cells);
        } else {
            empty_used(stash, from, cells);
        }
        from = to;
    }
}

/// Forgets the accesses to some bytes of a granule. Others belong to another owner.
#[cold]
fn forget_part(stash: &Stash, granule: usize, bytes: u64) {
    let Some(cell) = shadow::known(granule).filter(|cell| !cell.is_empty()) else { return };
    unprotected::forget(granule);
    cell.with(|open| {
        sync::forget(open, stash, bytes);
        open.reads.forget(stash, bytes);
        open.writes.forget(stash, bytes);
    });
}

/// Forgets what cells have, whose granules begin at an address.
fn empty(stash: &Stash, first: usize, cells: &[Cell]) {
    for (index, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
        unprotected::forget(first + index * GRANULE);
        if cell.clear() {
            continue;
        }
        let atomics = cell.with(|open| {
            open.reads.clear(stash);
            open.writes.clear(stash)
        });
        sync::free(atomics, stash);
    }
}

/// Cells of so many bytes are asked for at once.
const PAGE: usize = 4096;
const CELLS_IN_PAGE: usize = PAGE / size_of::<Cell>();
const PAGES: usize = 256;

/// From here on it pays to ask which cells were ever used.
const MANY: usize = 16 * CELLS_IN_PAGE;

/// As [`empty`], of many cells, most of which were perhaps never used: then the system has no memory for them.
fn empty_used(stash: &Stash, from: usize, cells: &[Cell]) {
    let first = cells.as_ptr() as usize;
    let head = (first.next_multiple_of(PAGE) - first) / size_of::<Cell>();
    let (head, rest) = cells.split_at(head.min(cells.len()));
    empty(stash, from, head);
    let mut from = from + head.len() * GRANULE;
    for part in rest.chunks(PAGES * CELLS_IN_PAGE) {
        let mut used = [1_u8; PAGES];
        let (at, len) = (part.as_ptr().cast_mut().cast(), size_of_val(part));
        // SAFETY: the range begins at a page of a mapping and is inside of it; there is a byte for each of its pages.
        unsafe { libc::mincore(at, len, used.as_mut_ptr()) };
        for (page, used) in part.chunks(CELLS_IN_PAGE).zip(used) {
            if used & 1 != 0 {
                empty(stash, from, page);
            }
            from += page.len() * GRANULE;
        }
    }
}

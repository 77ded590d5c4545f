// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! Where the cell of an address lies: a table of regions, whose cells are reserved when an address in the region is first accessed.

use super::cell::{CELLS, Cell, GRANULE, REGION_BITS, Region};
use super::pool;
use std::ptr::{NonNull, null_mut};
use std::sync::atomic::{AtomicPtr, Ordering};

/// Bits of the addresses that programs have.
const ADDRESS_BITS: u32 = 47;
const REGIONS: usize = 1 << (ADDRESS_BITS - REGION_BITS);
/// The cells of each region; null where nothing was accessed.
static TABLE: [AtomicPtr<Cell>; REGIONS] = [const { AtomicPtr::new(null_mut()) }; REGIONS];

/// The cells of a region that has any.
#[inline(always)]
fn region(address: usize) -> Option<NonNull<Cell>> {
    // Acquire: pairs with the Release in `make`; on x86-64 a plain load.
    let cells = TABLE.get(address >> REGION_BITS)?.load(Ordering::Acquire);
    NonNull::new(cells)
}

#[inline(always)]
fn in_region(address: usize) -> usize {
    (address >> GRANULE.trailing_zeros()) & (CELLS - 1)
}

/// The cell of an address, if there was an access near it.
#[inline(always)]
pub(super) fn known(address: usize) -> Option<&'static Cell> {
    // SAFETY: the index is inside the region; cells are never given back, and zeros are a valid cell.
    region(address).map(|cells| unsafe { cells.add(in_region(address)).as_ref() })
}

/// The cell of an address. `None` for no address of the program's, or when there is no memory.
#[inline(always)]
pub(super) fn of(address: usize) -> Option<&'static Cell> {
    match known(address) {
        Some(cell) => Some(cell),
        None => make(address),
    }
}

/// The cells of the granules in a range of addresses that lie in one region, as far as it has any.
pub(super) fn cells(from: usize, to: usize) -> &'static [Cell] {
    let (first, last) = (in_region(from), in_region(to.saturating_sub(1)));
    match region(from) {
        // SAFETY: both are inside the region, as the caller's range is.
        Some(cells) if from < to => unsafe {
            std::slice::from_raw_parts(cells.add(first).as_ptr(), last - first + 1)
        },
        _ => &[],
    }
}

/// Sees to it that a range has cells, as far as there is memory.
pub(super) fn prepare(from: usize, to: usize) {
    let mut at = from;
    while at < to && of(at).is_some() {
        at = end_of_region(at);
    }
}

/// Where the region of an address ends.
pub(super) fn end_of_region(address: usize) -> usize {
    ((address >> REGION_BITS) + 1) << REGION_BITS
}

#[cold]
fn make(address: usize) -> Option<&'static Cell> {
    let entry = TABLE.get(address >> REGION_BITS)?;
    let bytes = size_of::<Region>();
    let cells = pool::reserve(bytes)?;
    // Release: pairs with the Acquire in `region`. It fails when another thread was faster.
    let made = entry.compare_exchange(
        null_mut(),
        cells.cast().as_ptr(),
        Ordering::AcqRel,
        Ordering::Acquire,
    );
    if made.is_err() {
        // SAFETY: made above, and known to nobody.
        unsafe { libc::munmap(cells.as_ptr().cast(), bytes) };
    }
    known(address)
}

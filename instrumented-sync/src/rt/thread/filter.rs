// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! Which chains a table surely does not have, without a look into it, and without a branch that was not foreseen.

use std::cell::Cell;
use std::sync::atomic::AtomicU8;

/// Where the bits of a chain begin that a table's index is made of: the lower ones of a product depend on little.
pub(crate) const INDEX: u32 = 32;

/// A byte for each place of a table, of which each chain sets two bits.
#[derive(Debug)]
pub(crate) struct Filter {
    bytes: Cell<*mut u8>,
    mask: Cell<u64>,
}

/// The byte of an empty filter, which is never written to.
static NOTHING: AtomicU8 = AtomicU8::new(0);

impl Filter {
    pub(crate) const fn new() -> Self {
        Self { bytes: Cell::new(NOTHING.as_ptr()), mask: Cell::new(0) }
    }

    /// Whether the chain may be one of those that were added.
    #[inline(always)]
    pub(crate) fn may_have(&self, chain: u64) -> bool {
        let (byte, bits) = self.place(chain);
        // SAFETY: see `place`.
        unsafe { *byte & bits == bits }
    }

    /// Adds a chain, after [`Self::begin`].
    pub(crate) fn add(&self, chain: u64) {
        let (byte, bits) = self.place(chain);
        if self.mask.get() > 0 {
            // SAFETY: see `place`; the bytes are this thread's own.
            unsafe { *byte |= bits };
        }
    }

    /// Where a chain is told, and by which bits.
    #[inline(always)]
    fn place(&self, chain: u64) -> (*mut u8, u8) {
        // Not those by which the table finds its first place, which another chain may have. The lowest one is the same for all.
        let index = chain >> (INDEX - 8) & self.mask.get();
        let bits = 1 << (chain >> (INDEX - 12) & 7) | 1 << (chain >> (INDEX - 16) & 7);
        // SAFETY: the index is masked to the number of bytes.
        (unsafe { self.bytes.get().add(index as usize) }, bits)
    }

    /// Begins again, for a table of so many places: a power of two, and more than one.
    #[cold]
    pub(crate) fn begin(&self, places: usize) {
        self.end();
        self.bytes.set(Box::into_raw(vec![0_u8; places].into_boxed_slice()).cast());
        self.mask.set(places as u64 - 1);
    }

    /// Forgets all chains.
    #[cold]
    pub(crate) fn end(&self) {
        let (bytes, mask) = (self.bytes.replace(NOTHING.as_ptr()), self.mask.replace(0));
        if mask > 0 {
            // SAFETY: made by `begin` for so many places, and nobody else has it.
            drop(unsafe {
                Box::from_raw(std::ptr::slice_from_raw_parts_mut(bytes, mask as usize + 1))
            });
        }
    }
}

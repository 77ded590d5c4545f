// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! A thread's own cache of the numbers of sites.

use crate::rt::machine::room;
use crate::rt::object::Site;
use crate::rt::shared::runtime::Runtime;
use std::cell::Cell;
use std::panic::Location;

/// Entries of a thread's cache; a power of two.
const CACHE: usize = 128;

/// Bits of a number.
const NUMBER: u32 = 24;
/// Bits of an address that are zero, or that its place in the cache tells.
const TOLD: u32 = 3 + CACHE.ilog2();

const _: () = assert!(align_of::<Location<'_>>() == 8);

/// A thread's own map from locations to numbers: direct-mapped. A word is a number, mixed with the address so that what its place does not
/// tell of that stands above the number; 0 when it is free.
#[derive(Debug)]
pub(crate) struct SiteCache([Cell<u64>; CACHE]);

impl SiteCache {
    pub(crate) const fn new() -> Self {
        Self([const { Cell::new(0) }; CACHE])
    }

    /// The number of a site, if this thread has it at hand.
    #[inline]
    pub(crate) fn cached(&self, site: Site) -> Option<u32> {
        let address = std::ptr::from_ref(site) as usize;
        // If the address is the same, only the number is left. No location lies below `1 << TOLD`, so a free word never looks like one.
        let number = self.entry(address).get() ^ above_number(address);
        (number >> NUMBER == 0).then_some(number as u32)
    }

    /// The number of a site.
    #[inline]
    pub(crate) fn get(&self, runtime: &Runtime, site: Site) -> u32 {
        self.cached(site).unwrap_or_else(|| self.fetch(runtime, site))
    }

    #[cold]
    fn fetch(&self, runtime: &Runtime, site: Site) -> u32 {
        let address = std::ptr::from_ref(site) as usize;
        // In a signal handler it stays unknown.
        let Some(number) = room::with_room(|| runtime.sites.intern(&runtime.file, site)) else {
            return 0;
        };
        // Where the word has no room for the address, as no program is, the number is asked for each time.
        if above_number(address) >> (NUMBER - TOLD) == address as u64 && number >> NUMBER == 0 {
            self.entry(address).set(above_number(address) ^ u64::from(number));
        }
        number
    }

    #[inline]
    fn entry(&self, address: usize) -> &Cell<u64> {
        // Locations are 24 bytes, aligned to 8: neighbours are three entries apart.
        &self.0[(address >> 3) % CACHE]
    }
}

/// An address, shifted so that what its place in the cache does not tell stands above a number.
#[inline]
fn above_number(address: usize) -> u64 {
    (address as u64) << (NUMBER - TOLD)
}

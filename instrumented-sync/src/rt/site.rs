// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! A thread's own cache of the numbers of sites.

use super::hook::Site;
use super::runtime::Runtime;
use super::sites::intern;
use std::cell::Cell;

/// Entries of a thread's cache; a power of two.
const CACHE: usize = 128;

/// A thread's own map from locations to numbers: direct-mapped.
#[derive(Debug)]
pub(super) struct SiteCache([Cell<(usize, u32)>; CACHE]);

impl SiteCache {
    pub(super) const fn new() -> Self {
        Self([const { Cell::new((0, 0)) }; CACHE])
    }

    /// The number of a site, if this thread has it at hand.
    #[inline]
    pub(super) fn cached(&self, site: Site) -> Option<u32> {
        let address = std::ptr::from_ref(site) as usize;
        let (known, number) = self.entry(address).get();
        (known == address).then_some(number)
    }

    /// The number of a site.
    #[inline]
    pub(super) fn get(&self, runtime: &Runtime, site: Site) -> u32 {
        self.cached(site).unwrap_or_else(|| self.fetch(runtime, site))
    }

    #[cold]
    fn fetch(&self, runtime: &Runtime, site: Site) -> u32 {
        let address = std::ptr::from_ref(site) as usize;
        // In a signal handler it stays unknown.
        let Some(number) = super::room::with_room(|| intern(runtime, site)) else { return 0 };
        self.entry(address).set((address, number));
        number
    }

    #[inline]
    fn entry(&self, address: usize) -> &Cell<(usize, u32)> {
        // Locations are 24 bytes, aligned to 8: neighbours are three entries apart.
        &self.0[(address >> 3) % CACHE]
    }
}

//! One number for all sites.

use super::hook::Site;
use super::runtime::Runtime;

/// The number.
pub(super) const SITE: u32 = 5;

#[derive(Debug)]
pub(super) struct SiteCache;

impl SiteCache {
    pub(super) fn get(&self, _runtime: &Runtime, _site: Site) -> u32 {
        SITE
    }

    pub(super) fn cached(&self, _site: Site) -> Option<u32> {
        Some(SITE)
    }
}

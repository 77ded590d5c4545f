//! One number for all sites.

use crate::rt::object::Site;
use crate::rt::shared::runtime::Runtime;

/// The number.
pub(crate) const SITE: u32 = 5;

#[derive(Debug)]
pub(crate) struct SiteCache;

impl SiteCache {
    pub(crate) fn get(&self, _runtime: &Runtime, _site: Site) -> u32 {
        SITE
    }

    pub(crate) fn cached(&self, _site: Site) -> Option<u32> {
        Some(SITE)
    }
}

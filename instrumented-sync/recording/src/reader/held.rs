//! Locks that were held at what a log record tells.

use super::bytes::Cursor;
use super::codes;
use crate::model::{Held, InstanceId, SiteId};

/// Of one lock.
const BYTES: usize = 12;

/// The locks that were held, by their count.
pub(super) fn held(fields: &mut Cursor<'_>) -> Option<Vec<Held>> {
    let mut held = Vec::new();
    for _ in 0..fields.count(BYTES)? {
        let (instance, class, site_access) = (fields.u32()?, fields.u32()?, fields.u32()?);
        held.push(Held {
            instance: InstanceId(instance),
            class: codes::class(class),
            access: codes::access((site_access >> 24) as u8),
            site: SiteId(site_access & 0x00FF_FFFF),
            // The record does not say.
            since_ticks: 0,
        });
    }
    Some(held)
}

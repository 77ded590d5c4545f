//! The log record of an order that an atomic gives.

use super::bytes::Cursor;
use super::tables::Tables;
use crate::model::{AtomicAccess, AtomicOrder, InstanceId, SiteId, ThreadNum};

/// Adds an order to the tables. `None` when the record is shorter than its fields.
pub(super) fn atomic_order(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let (address, size) = (fields.u64()?, fields.u32()?);
    let (stored, read) = (access(fields)?, access(fields)?);
    let mut held = Vec::new();
    for _ in 0..fields.count(4)? {
        held.push(InstanceId(fields.u32()?));
    }
    tables.atomic_orders.push(AtomicOrder { address, size, name: None, stored, read, held });
    Some(())
}

fn access(fields: &mut Cursor<'_>) -> Option<AtomicAccess> {
    let (thread, segment) = (ThreadNum(fields.u32()?), fields.u32()?);
    Some(AtomicAccess { thread, segment, at: fields.u64()?, site: SiteId::default() })
}

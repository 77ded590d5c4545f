//! The log record of a lock that is held over a wait for jobs which may take it.

use super::bytes::Cursor;
use super::codes;
use super::tables::Tables;
use crate::layout::across_pool;
use crate::model::{HeldAcrossPool, InstanceId, PoolUse, SiteId, ThreadNum};

/// Adds it to the tables. `None` when the record is shorter than its fields. Stacks are as the file numbers them.
pub(super) fn across_pool(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let is_doubtful = fields.u32()? & across_pool::DOUBTFUL != 0;
    let (instance, class) = (InstanceId(fields.u32()?), codes::class(fields.u32()?));
    let ticks = fields.u64()?;
    let (holder, taker) = (side(fields)?, side(fields)?);
    tables.across_pools.push(HeldAcrossPool { is_doubtful, instance, class, ticks, holder, taker });
    Some(())
}

/// Keeps numbers that exist.
pub(super) fn complete(across: &mut HeldAcrossPool, tables: &Tables) {
    across.class = across.class.and_then(|class| tables.class(class.0));
    for side in [&mut across.holder, &mut across.taker] {
        side.site = tables.site(side.site);
        side.jobs_site = tables.site(side.jobs_site);
        side.stack = side.stack.and_then(|stack| tables.stack_index.get(&stack).copied());
    }
}

fn side(fields: &mut Cursor<'_>) -> Option<PoolUse> {
    let (thread, site_access) = (ThreadNum(fields.u32()?), fields.u32()?);
    let (jobs_site, stack) = (SiteId(fields.u32()?), fields.u32()?);
    Some(PoolUse {
        thread,
        access: codes::access((site_access >> 24) as u8),
        site: SiteId(site_access & 0x00FF_FFFF),
        jobs_site,
        stack: stack.checked_sub(1),
    })
}

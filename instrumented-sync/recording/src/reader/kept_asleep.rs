//! The log record of a lock that a task keeps while it sleeps, or never gives back.

use super::bytes::Cursor;
use super::codes;
use super::tables::Tables;
use crate::layout::kept_asleep;
use crate::model::{InstanceId, KeptAsleep, KeptKind, LockUse, SiteId, ThreadNum};

/// Adds it to the tables. `None` when the record is shorter than its fields.
pub(super) fn kept_asleep(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let (kind, instance) = (fields.u32()?, InstanceId(fields.u32()?));
    let (class, ticks) = (codes::class(fields.u32()?), fields.u64()?);
    let (awaits, keeper, taker) = (SiteId(fields.u32()?), side(fields)?, side(fields)?);
    // Earlier records end before it.
    let permits = fields.u32().unwrap_or(0);
    let kind = match kind {
        kept_asleep::FUTURE => KeptKind::Future,
        kept_asleep::GUARD => KeptKind::Guard,
        kept_asleep::FORGOTTEN => KeptKind::Forgotten,
        kept_asleep::LEFT => KeptKind::Left,
        kept_asleep::GIVEN_BACK => {
            tables.given_back.insert(instance, tables.kept_asleep.len());
            return Some(());
        }
        _ => {
            tables.skipped.unknown += 1;
            return Some(());
        }
    };
    let both = KeptAsleep { kind, instance, class, ticks, awaits, keeper, taker, permits };
    tables.kept_asleep.push(both);
    Some(())
}

/// All of them, but for what was given back after all.
pub(super) fn take(tables: &mut Tables) -> Vec<KeptAsleep> {
    let all = std::mem::take(&mut tables.kept_asleep).into_iter().enumerate();
    let is_void = |at: usize, kept: &KeptAsleep| {
        matches!(kept.kind, KeptKind::Forgotten | KeptKind::Left)
            && tables.given_back.get(&kept.instance).is_some_and(|before| at < *before)
    };
    all.filter(|(at, kept)| !is_void(*at, kept)).map(|(_, kept)| kept).collect()
}

/// Keeps numbers that exist.
pub(super) fn complete(kept: &mut KeptAsleep, tables: &Tables) {
    kept.class = kept.class.and_then(|class| tables.class(class.0));
    kept.awaits = tables.site(kept.awaits);
    for side in [&mut kept.keeper, &mut kept.taker] {
        side.site = tables.site(side.site);
    }
}

fn side(fields: &mut Cursor<'_>) -> Option<LockUse> {
    let (thread, site_access) = (ThreadNum(fields.u32()?), fields.u32()?);
    let access = codes::access((site_access >> 24) as u8);
    Some(LockUse { thread, access, site: SiteId(site_access & 0x00FF_FFFF) })
}

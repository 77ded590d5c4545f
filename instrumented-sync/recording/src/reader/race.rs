//! The log record of a race.

use super::bytes::Cursor;
use super::codes;
use super::held::held;
use super::tables::Tables;
use crate::layout::race_access;
use crate::model::{ClassId, Held, InstanceId, Race, RaceAccess, RaceGuard, SiteId, ThreadNum};

/// Adds a race to the tables. `None` when the record is shorter than its fields.
pub(super) fn race(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let (kind, instance, class) = (fields.u32()?, InstanceId(fields.u32()?), fields.u32()?);
    let ticks = fields.u64()?;
    let (guard, guard_class) = (fields.u32()?, fields.u32()?);
    let (held, accesses) = (fields.u32()?, fields.u32()?);
    let declared = fields.string()?;
    let (earlier, later) = (access(fields)?, access(fields)?);
    let Some(kind) = codes::race_kind(kind) else {
        tables.skipped.unknown += 1;
        return Some(());
    };
    tables.races.push(Race {
        kind,
        instance,
        class: codes::class(class),
        ticks,
        guard: (guard != 0).then(|| RaceGuard {
            instance: InstanceId(guard),
            class: codes::class(guard_class),
            held,
        }),
        accesses,
        declared: Some(declared).filter(|name| !name.is_empty()),
        earlier,
        later,
    });
    Some(())
}

/// Keeps numbers that exist.
pub(super) fn complete(race: &mut Race, tables: &Tables) {
    let class = |class: Option<ClassId>| class.and_then(|class| tables.class(class.0));
    race.class = class(race.class);
    if let Some(guard) = &mut race.guard {
        guard.class = class(guard.class);
    }
    for access in [&mut race.earlier, &mut race.later] {
        access.site = tables.site(access.site);
        access.held.iter_mut().for_each(|held| complete_held(held, tables));
    }
}

/// Keeps numbers that exist.
pub(super) fn complete_held(held: &mut Held, tables: &Tables) {
    held.site = tables.site(held.site);
    held.class = held.class.and_then(|class| tables.class(class.0));
}

fn access(fields: &mut Cursor<'_>) -> Option<RaceAccess> {
    let (thread, how, site) = (ThreadNum(fields.u32()?), fields.u32()?, SiteId(fields.u32()?));
    let held = held(fields)?;
    Some(RaceAccess {
        thread,
        is_write: how & race_access::WRITE != 0,
        is_creation: how & race_access::CREATION != 0,
        site,
        held,
    })
}

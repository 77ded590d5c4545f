//! The log record of a race between accesses to memory.

use super::bytes::Cursor;
use super::codes;
use super::held::held;
use super::race::complete_held;
use super::tables::Tables;
use crate::layout::{memory_access, memory_race_kind};
use crate::model::{
    Block, InstanceId, MemoryAccess, MemoryRace, MemoryRaceKind, RaceGuard, SiteId, ThreadNum,
};

/// Adds a race to the tables. `None` when the record is shorter than its fields.
pub(super) fn memory_race(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let (ticks, address, size) = (fields.u64()?, fields.u64()?, fields.u32()?);
    let code = fields.u32()?;
    let kind = kind(code);
    let earlier = access(fields)?;
    let has_between =
        matches!(kind, Some(MemoryRaceKind::LostUpdate | MemoryRaceKind::CheckThenAct));
    let between = if has_between { Some(access(fields)?) } else { None };
    let has_again = code == memory_race_kind::CHECK_AGAIN_THEN_ACT;
    let again = if has_again { Some(access(fields)?) } else { None };
    let later = access(fields)?;
    let block = block(fields)?;
    let is_unprotected = kind == Some(MemoryRaceKind::Unprotected);
    let (guard, turns) = if is_unprotected { guard(fields)? } else { Default::default() };
    // What a later version tells is left out.
    let race = kind.map(|kind| MemoryRace {
        kind,
        ticks,
        address,
        size,
        name: None,
        earlier,
        between,
        again,
        later,
        block,
        guard,
        turns,
    });
    tables.memory_races.extend(race);
    Some(())
}

fn kind(code: u32) -> Option<MemoryRaceKind> {
    match code {
        memory_race_kind::DATA_RACE => Some(MemoryRaceKind::DataRace),
        memory_race_kind::UNPROTECTED => Some(MemoryRaceKind::Unprotected),
        memory_race_kind::LOST_UPDATE => Some(MemoryRaceKind::LostUpdate),
        memory_race_kind::CHECK_THEN_ACT | memory_race_kind::CHECK_AGAIN_THEN_ACT => {
            Some(MemoryRaceKind::CheckThenAct)
        }
        _ => None,
    }
}

/// The lock under which a place is accessed most of the time, and how many turns there were.
fn guard(fields: &mut Cursor<'_>) -> Option<(Option<RaceGuard>, u32)> {
    let (instance, class) = (InstanceId(fields.u32()?), codes::class(fields.u32()?));
    let (held, turns) = (fields.u32()?, fields.u32()?);
    let guard = (instance.0 != 0).then_some(RaceGuard { instance, class, held });
    Some((guard, turns))
}

/// Keeps numbers that exist.
pub(super) fn complete(race: &mut MemoryRace, tables: &Tables) {
    if let Some(guard) = &mut race.guard {
        guard.class = guard.class.and_then(|class| tables.class(class.0));
    }
    for access in race.accesses_mut() {
        access.held.iter_mut().flatten().for_each(|held| complete_held(held, tables));
    }
}

/// `Some(None)` when it is not known.
fn block(fields: &mut Cursor<'_>) -> Option<Option<Block>> {
    let (start, size, thread) = (fields.u64()?, fields.u64()?, ThreadNum(fields.u32()?));
    let stack = addresses(fields)?;
    let site = SiteId::default();
    Some((start != 0).then_some(Block { start, size, thread, site, stack }))
}

fn addresses(fields: &mut Cursor<'_>) -> Option<Vec<u64>> {
    (0..fields.count(8)?).map(|_| fields.u64()).collect()
}

fn access(fields: &mut Cursor<'_>) -> Option<MemoryAccess> {
    let (thread, how) = (ThreadNum(fields.u32()?), fields.u32()?);
    let held = held(fields)?;
    let stack = addresses(fields)?;
    Some(MemoryAccess {
        thread,
        is_write: how & memory_access::WRITE != 0,
        is_atomic: how & memory_access::ATOMIC != 0,
        is_free: how & memory_access::FREE != 0,
        held: (how & memory_access::LOCKS_KNOWN != 0).then_some(held),
        site: SiteId::default(),
        stack,
    })
}

//! The log record of a race between accesses to memory.

use super::bytes::Cursor;
use super::race::{complete_held, held};
use super::tables::Tables;
use crate::layout::memory_access;
use crate::model::{MemoryAccess, MemoryRace, SiteId, ThreadNum};

/// Adds a race to the tables. `None` when the record is shorter than its fields.
pub(super) fn memory_race(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let (ticks, address, size) = (fields.u64()?, fields.u64()?, fields.u32()?);
    let (earlier, later) = (access(fields)?, access(fields)?);
    tables.memory_races.push(MemoryRace { ticks, address, size, name: None, earlier, later });
    Some(())
}

/// Keeps numbers that exist.
pub(super) fn complete(race: &mut MemoryRace, tables: &Tables) {
    for access in [&mut race.earlier, &mut race.later] {
        access.held.iter_mut().flatten().for_each(|held| complete_held(held, tables));
    }
}

fn access(fields: &mut Cursor<'_>) -> Option<MemoryAccess> {
    let (thread, how) = (ThreadNum(fields.u32()?), fields.u32()?);
    let held = held(fields)?;
    let mut stack = Vec::new();
    for _ in 0..fields.count(8)? {
        stack.push(fields.u64()?);
    }
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

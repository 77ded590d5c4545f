//! The log record of a long wait or a long hold.

use super::bytes::Cursor;
use super::codes;
use super::participant::{complete_participant, participant};
use super::tables::Tables;
use crate::layout::participant;
use crate::model::{Overdue, OverdueKind, SiteId};

/// Adds a long wait or hold to the tables. `None` when the record is shorter than its fields.
pub(super) fn overdue(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let (kind, waiters, ticks) = (fields.u32()?, fields.u32()?, fields.u64()?);
    let (lasted_ticks, held_since) = (fields.u64()?, fields.u64()?);
    let (last_site, last_ticks) = (SiteId(fields.u32()?), fields.u64()?);
    let mut participants = Vec::new();
    for _ in 0..fields.count(participant::WORDS * 4)? {
        participants.push(participant(fields)?);
    }
    let Some(kind) = codes::overdue_kind(kind) else {
        tables.skipped.unknown += 1;
        return Some(());
    };
    let mut participants = participants.into_iter();
    let waiter = (kind == OverdueKind::Wait).then(|| participants.next()).flatten();
    let mut holder = participants.next();
    if let Some(held) = holder.as_mut().and_then(|holder| holder.holds.as_mut()) {
        held.since_ticks = held_since;
    }
    let last = (last_ticks != 0).then_some((last_site, last_ticks));
    tables.overdue.push(Overdue { kind, waiters, ticks, lasted_ticks, waiter, holder, last });
    Some(())
}

/// Keeps numbers that exist.
pub(super) fn complete(overdue: &mut Overdue, tables: &Tables) {
    let participants = overdue.waiter.iter_mut().chain(&mut overdue.holder);
    participants.for_each(|participant| complete_participant(participant, tables));
    if let Some((site, _)) = &mut overdue.last {
        *site = tables.site(*site);
    }
}

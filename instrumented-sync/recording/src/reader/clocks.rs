//! Must-order clocks: what is certain, and what rests on objects that have not proved shared.

use super::bytes::Cursor;
use super::grounds::Resting;
use super::tables::Tables;
use crate::model::{Clock, ThreadNum};

pub(super) fn clock(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let (id, thread, segment) = (fields.u32()?, ThreadNum(fields.u32()?), fields.u32()?);
    let mut entries = Vec::new();
    for _ in 0..fields.count(8)? {
        entries.push((ThreadNum(fields.u32()?), fields.u32()?));
    }
    // A clock without this part rests on nothing.
    let resting = if fields.is_empty() { 0 } else { fields.count(12)? };
    let Ok(clock) = u32::try_from(tables.clocks.len()) else { return Some(()) };
    for _ in 0..resting {
        let entry = (ThreadNum(fields.u32()?), fields.u32()?);
        let mut on = Vec::new();
        for _ in 0..fields.count(4)? {
            on.push(fields.u32()?);
        }
        tables.grounds.resting.push(Resting { clock, entry, on });
    }
    tables.clock_index.insert(id, clock);
    tables.clocks.push(Clock { thread, segment, entries });
    Some(())
}

pub(super) fn shared(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    tables.grounds.shared.insert(fields.u32()?);
    Some(())
}

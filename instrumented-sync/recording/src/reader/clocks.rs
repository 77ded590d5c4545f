//! Must-order clocks: what is certain, and what rests on objects that have not proved shared.

use super::bytes::Cursor;
use super::log::Tables;
use crate::model::{Clock, ThreadNum};
use std::collections::HashSet;

/// What clocks rest on.
#[derive(Debug, Default)]
pub(super) struct Grounds {
    resting: Vec<Resting>,
    /// Those that have proved shared.
    shared: HashSet<u32>,
}

/// An entry of a clock that holds as long as no ground has proved shared.
#[derive(Debug)]
struct Resting {
    /// Index of the clock.
    clock: u32,
    entry: (ThreadNum, u32),
    on: Vec<u32>,
}

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

impl Grounds {
    /// Once all records are known: adds what still holds to the clocks. Afterwards each names a thread once, sorted.
    pub(super) fn settle(self, clocks: &mut [Clock]) {
        let Self { resting, shared } = self;
        for Resting { clock, entry, on } in resting {
            if let Some(clock) = clocks.get_mut(clock as usize)
                && !on.iter().any(|ground| shared.contains(ground))
            {
                clock.entries.push(entry);
            }
        }
        for Clock { entries, .. } in clocks {
            entries.sort_unstable_by_key(|&(thread, segment)| (thread, std::cmp::Reverse(segment)));
            entries.dedup_by_key(|entry| entry.0);
        }
    }
}

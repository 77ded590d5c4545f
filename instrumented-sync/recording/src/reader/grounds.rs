//! What the entries of must-order clocks rest on.

use crate::model::{Clock, ThreadNum};
use std::collections::HashSet;

/// What clocks rest on.
#[derive(Debug, Default)]
pub(super) struct Grounds {
    pub(super) resting: Vec<Resting>,
    /// Those that have proved shared.
    pub(super) shared: HashSet<u32>,
}

/// An entry of a clock that holds as long as no ground has proved shared.
#[derive(Debug)]
pub(super) struct Resting {
    /// Index of the clock.
    pub(super) clock: u32,
    pub(super) entry: (ThreadNum, u32),
    pub(super) on: Vec<u32>,
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

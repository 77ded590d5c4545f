//! What the entries of must-order clocks and likely orders rest on.

use crate::model::{Clock, LikelyOrder, ThreadNum};
use std::collections::HashSet;

/// What they rest on.
#[derive(Debug, Default)]
pub(super) struct Grounds {
    pub(super) resting: Vec<Resting>,
    /// Indices of likely orders, rising, each with its ground.
    pub(super) likely: Vec<(usize, u32)>,
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
    /// Once all records are known: adds what still holds to the clocks, and takes away the orders that do not. Afterwards each clock names a thread once, sorted.
    pub(super) fn settle(self, clocks: &mut [Clock], orders: &mut Vec<LikelyOrder>) {
        let Self { resting, likely, shared } = self;
        for Resting { clock, entry, on } in resting {
            if let Some(clock) = clocks.get_mut(clock as usize)
                && !on.iter().any(|ground| shared.contains(ground))
            {
                clock.entries.push(entry);
            }
        }
        let void = likely.into_iter().filter(|(_, ground)| shared.contains(ground));
        let mut void = void.map(|(at, _)| at).peekable();
        let mut all = 0..;
        orders.retain(|_| void.next_if_eq(&all.next().unwrap_or_default()).is_none());
        for Clock { entries, .. } in clocks {
            entries.sort_unstable_by_key(|&(thread, segment)| (thread, std::cmp::Reverse(segment)));
            entries.dedup_by_key(|entry| entry.0);
        }
    }
}

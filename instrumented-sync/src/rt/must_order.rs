//! The must-order clock of a thread: which segments of other threads happened before now, in every schedule.
//!
//! Only events that no schedule can reverse count: spawn, join, the end of a scope. The order of critical sections of a
//! mutex is not one of them. The clock is sparse and lazy: a thread that never nested locks is never mentioned, since there
//! is nothing to be ordered before.

use super::local::Local;
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use syncscope_recording::layout::{log, slot};
use syncscope_recording::writer::{LogRecord, patient};

/// Entries at most. What is dropped beyond only means that fewer orders are known: verdicts stay careful.
const ENTRIES: usize = 4096;

/// A clock: thread → last segment of it that happened before.
pub(super) type Clock = HashMap<u32, u32>;

/// The clock of a thread, and what was last written of it.
#[derive(Debug, Default)]
pub(super) struct ThreadClock {
    entries: Clock,
    /// `CLOCK` record + 1 of these entries; 0 when they have changed since.
    recorded: u32,
    /// Whether this thread has nested locks.
    nested: bool,
}

/// Records and scopes of the process.
#[derive(Debug, Default)]
pub(super) struct MustOrder {
    next: AtomicU32,
    scopes: Mutex<HashMap<u32, Clock>>,
    next_scope: AtomicU32,
}

impl Local {
    /// This thread has nested locks: from now on it matters what it happened before.
    pub(super) fn note_nested(&self) {
        if let Ok(mut clock) = self.clock.try_borrow_mut() {
            clock.nested = true;
        }
    }

    /// What a thread that starts now, or one that joins this one, knows of this one and of those before it. Begins a new
    /// segment: what this thread does from here on is not covered.
    #[cold]
    pub(super) fn publish_clock(&self) -> Clock {
        let segment = self.segment.get();
        let Ok(clock) = self.clock.try_borrow() else { return Clock::new() };
        let mut entries = clock.entries.clone();
        if clock.nested {
            entries.insert(self.number, segment);
        }
        drop(clock);
        self.segment.set(segment.saturating_add(1));
        // Relaxed: for readers of the board.
        self.slot.u32(slot::SEGMENT).store(segment.saturating_add(1), Ordering::Relaxed);
        entries
    }

    /// Everything in `other` happened before what this thread does from now on.
    #[cold]
    pub(super) fn learn(&self, other: &Clock) {
        let Ok(mut clock) = self.clock.try_borrow_mut() else { return };
        if merge(&mut clock.entries, other) {
            clock.recorded = 0;
        }
    }
}

impl MustOrder {
    /// A new scope number.
    pub(super) fn begin_scope(&self) -> u32 {
        // Relaxed: hands out numbers, from 1.
        self.next_scope.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// A thread of the scope has ended with this clock.
    pub(super) fn leave_scope(&self, scope: u32, clock: &Clock) {
        if let Some(mut scopes) = patient(&self.scopes) {
            merge(scopes.entry(scope).or_default(), clock);
        }
    }

    /// All threads of the scope have ended: what they knew.
    pub(super) fn end_scope(&self, scope: u32) -> Clock {
        patient(&self.scopes).and_then(|mut scopes| scopes.remove(&scope)).unwrap_or_default()
    }
}

/// The `CLOCK` record + 1 of this thread's clock as it is now; 0 when it is empty or cannot be stored.
#[cold]
pub(super) fn record(local: &Local) -> u32 {
    let Ok(mut clock) = local.clock.try_borrow_mut() else { return 0 };
    if clock.entries.is_empty() || clock.recorded != 0 {
        return clock.recorded;
    }
    // Relaxed: hands out numbers.
    let number = local.runtime.must_order.next.fetch_add(1, Ordering::Relaxed);
    let mut entries: Vec<_> = clock.entries.iter().collect();
    entries.sort_unstable();
    let head = LogRecord::new(log::CLOCK).u32(number).u32(local.number).u32(local.segment.get());
    let record =
        entries.iter().fold(head.u32(entries.len() as u32), |record, (thread, segment)| {
            record.u32(**thread).u32(**segment)
        });
    clock.recorded = if local.runtime.file.append(record) { number + 1 } else { 0 };
    clock.recorded
}

fn merge(into: &mut Clock, from: &Clock) -> bool {
    let mut changed = false;
    for (thread, segment) in from {
        if into.len() >= ENTRIES && !into.contains_key(thread) {
            continue;
        }
        let known = into.entry(*thread).or_insert(0);
        if *known < *segment {
            *known = *segment;
            changed = true;
        }
    }
    changed
}

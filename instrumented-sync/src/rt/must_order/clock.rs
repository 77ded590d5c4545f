//! The clock of a thread as it is recorded, and what travels between threads.

use super::super::local::Local;
use super::super::race;
use std::sync::atomic::Ordering;
use syncscope_detector::must_order::{Clock, Entry, Ground, Grounds, Known};
use syncscope_recording::layout::{log, slot};
use syncscope_recording::writer::LogRecord;

/// Words of a clock that is always recorded when it has changed: no larger than the node that refers to it.
const SMALL: usize = 16;

/// What a thread tells another at a must-order event.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stamp {
    /// What happened before, of nestings.
    pub(super) known: Known,
    /// The same for accesses to what is tracked, by finer clocks.
    race: race::Known,
}

/// The clock of a thread, and what was last written of it.
#[derive(Debug, Default)]
pub(in super::super) struct ThreadClock {
    clock: Clock,
    /// `CLOCK` record + 1 of these entries, or of earlier ones; 0 while there is none.
    recorded: u32,
    /// Whether the entries have changed since.
    changed: bool,
    /// Whether this thread has nodes.
    has_nodes: bool,
}

impl Local {
    /// This thread has nodes: from now on it matters what it happened before.
    pub(in super::super) fn note_node(&self) {
        if let Ok(mut clock) = self.clock.try_borrow_mut() {
            clock.has_nodes = true;
        }
    }

    /// What others are told now of this thread and of those before it. Begins a new segment: what this thread does from here
    /// on is not covered.
    pub(in super::super) fn stamp(&self) -> Stamp {
        Stamp { race: race::known(self), known: self.known() }
    }

    /// As [`stamp`](Self::stamp), of nestings only.
    pub(super) fn known(&self) -> Known {
        let Ok(clock) = self.clock.try_borrow() else { return Known::default() };
        let segment = self.segment.get();
        // A thread in its last segment can tell nothing of itself: what follows could not be told apart.
        let Some(next) = segment.checked_add(1).filter(|_| clock.has_nodes) else {
            return clock.clock.tell((0, 0));
        };
        self.segment.set(next);
        // Relaxed: for readers of the board.
        self.slot.u32(slot::SEGMENT).store(next, Ordering::Relaxed);
        clock.clock.tell((self.number, segment))
    }

    /// Everything behind `stamp` happened before what this thread does from now on, in every schedule.
    #[inline]
    pub(in super::super) fn learn(&self, stamp: &Stamp) {
        race::learn(self, &stamp.race);
        self.learn_on(&stamp.known, &Grounds::CERTAIN);
    }

    /// As [`learn`](Self::learn), of nestings only, and as long as `on` is not shared.
    #[inline]
    pub(super) fn learn_on(&self, known: &Known, on: &Grounds) {
        if let Ok(mut clock) = self.clock.try_borrow_mut() {
            let is_news = clock.clock.learn(self.number, known, on);
            clock.changed |= is_news;
        }
    }

    /// Whether this thread knows anything of another one, or of an initialiser.
    pub(super) fn knows_of(&self, thread: u32) -> bool {
        let find = |entries: &[Entry]| entries.binary_search_by_key(&thread, |e| e.thread).is_ok();
        self.clock.try_borrow().is_ok_and(|clock| find(clock.clock.entries()))
    }

    /// These have proved shared: what rests on them is void.
    #[cold]
    pub(super) fn void<'a>(&self, grounds: impl IntoIterator<Item = &'a Ground>) {
        for number in grounds.into_iter().filter_map(Ground::void) {
            // Should it not fit, a record is lost, and nothing is refuted any more.
            self.runtime.file.append(LogRecord::new(log::SHARED).u32(number));
        }
    }
}

impl Stamp {
    /// Whether there is nothing to tell.
    pub(in super::super) fn is_empty(&self) -> bool {
        self.known.is_empty() && self.race.is_empty()
    }

    /// What it tells of accesses to what is tracked. That is true however many others could have told something too.
    pub(in super::super) fn race(&self) -> &race::Known {
        &self.race
    }

    /// Replaces what it tells of accesses to what is tracked.
    pub(in super::super) fn set_race(&mut self, known: race::Known) {
        self.race = known;
    }

    /// This and the other, as one.
    pub(in super::super) fn join(&mut self, other: &Self) {
        self.race.join(&other.race);
        self.known.join(&other.known);
    }
}

/// Words that [`record`] would write of this thread's clock now.
#[cold]
pub(in super::super) fn len(local: &Local) -> usize {
    let unwritten =
        |clock: &ThreadClock| if clock.changed { words(clock.clock.entries()) } else { 0 };
    local.clock.try_borrow().map_or(0, |clock| unwritten(&clock).div_ceil(2))
}

/// The `CLOCK` record + 1 of this thread's clock as it is now. When it cannot be stored, or the room for clocks is used up, the last
/// one of this thread's that was: what happened before then happened before now. 0 when there is none.
#[cold]
pub(in super::super) fn record(local: &Local) -> u32 {
    let Ok(mut clock) = local.clock.try_borrow_mut() else { return 0 };
    let order = &local.runtime.must_order;
    if !clock.changed {
        return clock.recorded;
    }
    clock.clock.drop_void();
    let words = words(clock.clock.entries());
    if words > SMALL && !order.spend(words) {
        return clock.recorded;
    }
    // Relaxed: hands out numbers.
    let number = order.next_clock.fetch_add(1, Ordering::Relaxed);
    let head = LogRecord::new(log::CLOCK).u32(number).u32(local.number).u32(local.segment.get());
    let fresh = || order.fresh_ground();
    if local.runtime.file.append(write(head, clock.clock.entries(), fresh)) {
        (clock.recorded, clock.changed) = (number + 1, false);
    }
    clock.recorded
}

/// First what is certain, then what rests on something, with the numbers of that.
fn write(head: LogRecord, entries: &[Entry], fresh: impl Fn() -> u32) -> LogRecord {
    let certain = || entries.iter().filter(|entry| entry.on.is_certain());
    let record = head.u32(certain().count() as u32);
    let record = certain().fold(record, |r, entry| r.u32(entry.thread).u32(entry.segment));
    let mut resting = Vec::new();
    for entry in entries.iter().filter(|entry| !entry.on.is_certain()) {
        // What is void by now has no number.
        let on: Option<Vec<_>> = entry.on.iter().map(|ground| ground.number(&fresh)).collect();
        resting.extend(on.map(|on| (entry, on)));
    }
    resting.iter().fold(record.u32(resting.len() as u32), |record, (entry, on)| {
        let record = record.u32(entry.thread).u32(entry.segment).u32(on.len() as u32);
        on.iter().fold(record, |record, ground| record.u32(*ground))
    })
}

fn words(entries: &[Entry]) -> usize {
    let of = |entry: &Entry| match entry.on.iter().count() {
        0 => 2,
        on => 3 + on,
    };
    entries.iter().map(of).sum()
}

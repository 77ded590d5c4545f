//! What a thread learns and tells, and its clock as it is recorded.

use crate::rt::race;
use crate::rt::shared::stamp::Stamp;
use crate::rt::thread::clock::ThreadClock;
use crate::rt::thread::local::Local;
use std::sync::atomic::Ordering;
use syncscope_detector::must_order::{Entry, Ground, Grounds, Told};
use syncscope_recording::layout::{log, slot};
use syncscope_recording::writer::LogRecord;

/// Words of a clock that is always recorded when it has changed: no larger than the node that refers to it.
const SMALL: usize = 16;

impl Local {
    /// This thread has nodes: from now on it matters what it happened before.
    pub(crate) fn note_node(&self) {
        if let Ok(mut clock) = self.clock.try_borrow_mut() {
            clock.has_nodes = true;
        }
    }

    /// What others are told now of this thread and of those before it. Begins a new segment: what this thread does from here
    /// on is not covered.
    pub(crate) fn stamp(&self) -> Stamp {
        Stamp::new(self.known(), race::known(self))
    }

    /// As [`stamp`](Self::stamp), of nestings only.
    pub(crate) fn known(&self) -> Told {
        let Ok(clock) = self.clock.try_borrow() else { return Told::default() };
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

    /// What happened before now, of others.
    pub(crate) fn others(&self) -> Told {
        self.clock.try_borrow().map_or_else(|_| Told::default(), |clock| clock.clock.tell((0, 0)))
    }

    /// Everything behind `stamp` happened before what this thread does from now on, in every schedule.
    #[inline]
    pub(crate) fn learn(&self, stamp: &Stamp) {
        race::learn(self, stamp.race());
        self.learn_on(&stamp.known, &Grounds::CERTAIN);
    }

    /// As [`learn`](Self::learn), of nestings only, and as long as `on` is not shared.
    #[inline]
    pub(crate) fn learn_on(&self, known: &Told, on: &Grounds) {
        if let Ok(mut clock) = self.clock.try_borrow_mut()
            && !clock.is_of_many
        {
            let is_news = clock.clock.learn(self.number, known, on);
            clock.changed |= is_news;
        }
    }

    /// Whether this thread knows anything of another one, or of an initialiser.
    pub(crate) fn knows_of(&self, thread: u32) -> bool {
        let find = |entries: &[Entry]| entries.binary_search_by_key(&thread, |e| e.thread).is_ok();
        self.clock.try_borrow().is_ok_and(|clock| find(clock.clock.entries()))
    }

    /// These have proved shared: what rests on them is void.
    #[cold]
    pub(crate) fn void<'a>(&self, grounds: impl IntoIterator<Item = &'a Ground>) {
        for number in grounds.into_iter().filter_map(Ground::void) {
            // Should it not fit, a record is lost, and nothing is refuted any more.
            self.runtime.file.append(LogRecord::new(log::SHARED).u32(number));
        }
    }
}

/// Whether this state stands for many tasks, so that no node may name it.
pub(crate) fn is_of_many(local: &Local) -> bool {
    local.clock.try_borrow().is_ok_and(|clock| clock.is_of_many)
}

/// Words that [`record`] would write of this thread's clock now.
#[cold]
pub(crate) fn len(local: &Local) -> usize {
    let unwritten =
        |clock: &ThreadClock| if clock.changed { words(clock.clock.entries()) } else { 0 };
    local.clock.try_borrow().map_or(0, |clock| unwritten(&clock).div_ceil(2))
}

/// The `CLOCK` record + 1 of this thread's clock as it is now. When it cannot be stored, or the room for clocks is used up, the last
/// one of this thread's that was: what happened before then happened before now. 0 when there is none.
#[cold]
pub(crate) fn record(local: &Local) -> u32 {
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

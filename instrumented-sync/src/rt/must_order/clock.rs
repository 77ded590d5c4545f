//! The clock of a thread, and how it is told to others.

use super::super::local::Local;
use super::super::race;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use syncscope_recording::layout::{log, slot};
use syncscope_recording::writer::LogRecord;

/// Entries at most: some kilobytes, so that ten thousand threads that have met at a barrier fit into memory. What is dropped
/// beyond only means that fewer orders are known: verdicts stay careful.
const ENTRIES: usize = 1024;
/// Entries of a clock that is always recorded when it has changed: no larger than the node that refers to it.
const SMALL: usize = 8;

/// A clock: threads, sorted, each with the last segment of it that happened before. Its own thread is not among them.
pub(in super::super) type Clock = Vec<(u32, u32)>;

/// What a thread tells another at a must-order event: all that happened before. Cheap to make: the clock itself is shared
/// until it changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stamp {
    others: Option<Arc<Clock>>,
    /// The teller's number and segment; (0, 0) while it has never nested locks.
    own: (u32, u32),
    /// The same for accesses to what is tracked, by finer clocks.
    race: race::Known,
}

/// The clock of a thread, and what was last written of it.
#[derive(Debug, Default)]
pub(in super::super) struct ThreadClock {
    entries: Arc<Clock>,
    /// `CLOCK` record + 1 of these entries, or of earlier ones; 0 while there is none.
    recorded: u32,
    /// Whether the entries have changed since.
    changed: bool,
    /// Whether this thread has nested locks.
    nested: bool,
}

impl Local {
    /// This thread has nested locks: from now on it matters what it happened before.
    pub(in super::super) fn note_nested(&self) {
        if let Ok(mut clock) = self.clock.try_borrow_mut() {
            clock.nested = true;
        }
    }

    /// What others are told now of this thread and of those before it. Begins a new segment: what this thread does from here
    /// on is not covered.
    pub(in super::super) fn stamp(&self) -> Stamp {
        Stamp { race: race::known(self), ..self.stamp_of_nestings() }
    }

    fn stamp_of_nestings(&self) -> Stamp {
        let Ok(clock) = self.clock.try_borrow() else { return Stamp::default() };
        let others = (!clock.entries.is_empty()).then(|| Arc::clone(&clock.entries));
        let segment = self.segment.get();
        // A thread in its last segment can tell nothing of itself: what follows could not be told apart.
        let Some(next) = segment.checked_add(1).filter(|_| clock.nested) else {
            return Stamp { others, ..Stamp::default() };
        };
        self.segment.set(next);
        // Relaxed: for readers of the board.
        self.slot.u32(slot::SEGMENT).store(next, Ordering::Relaxed);
        Stamp { others, own: (self.number, segment), ..Stamp::default() }
    }

    /// Everything behind `stamp` happened before what this thread does from now on.
    #[inline]
    pub(in super::super) fn learn(&self, stamp: &Stamp) {
        race::learn(self, &stamp.race);
        // A thread that is told of itself knows that.
        if stamp.others.is_some() || stamp.own.0 != 0 && stamp.own.0 != self.number {
            self.learn_of_others(stamp);
        }
    }

    fn learn_of_others(&self, stamp: &Stamp) {
        let Ok(mut clock) = self.clock.try_borrow_mut() else { return };
        if !covers(&clock.entries, stamp, self.number) {
            let entries = Arc::make_mut(&mut clock.entries);
            stamp
                .entries()
                .filter(|entry| entry.0 != self.number)
                .for_each(|entry| enter(entries, entry));
            clock.changed = true;
        }
    }
}

impl Stamp {
    /// Whether there is nothing to tell.
    pub(in super::super) fn is_empty(&self) -> bool {
        self.tells_no_nesting() && self.race.is_empty()
    }

    fn tells_no_nesting(&self) -> bool {
        self.others.is_none() && self.own == (0, 0)
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
        if other.tells_no_nesting() {
            return;
        }
        let mut clock = self.others.take().unwrap_or_default();
        let entries = Arc::make_mut(&mut clock);
        let own = std::mem::take(&mut self.own);
        let own = (own.0 != 0).then_some(own);
        own.into_iter().chain(other.entries()).for_each(|entry| enter(entries, entry));
        self.others = Some(clock);
    }

    fn entries(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let others = self.others.iter().flat_map(|others| others.iter().copied());
        others.chain((self.own.0 != 0).then_some(self.own))
    }
}

/// Entries that [`record`] would write of this thread's clock now.
#[cold]
pub(in super::super) fn len(local: &Local) -> usize {
    let unwritten = |clock: &ThreadClock| if clock.changed { clock.entries.len() } else { 0 };
    local.clock.try_borrow().map_or(0, |clock| unwritten(&clock))
}

/// The `CLOCK` record + 1 of this thread's clock as it is now. When it cannot be stored, or the room for clocks is used up, the last
/// one of this thread's that was: what happened before then happened before now. 0 when there is none.
#[cold]
pub(in super::super) fn record(local: &Local) -> u32 {
    let Ok(mut clock) = local.clock.try_borrow_mut() else { return 0 };
    let order = &local.runtime.must_order;
    let entries = clock.entries.len();
    if !clock.changed || entries > SMALL && !order.spend(entries) {
        return clock.recorded;
    }
    // Relaxed: hands out numbers.
    let number = order.next_clock.fetch_add(1, Ordering::Relaxed);
    let head = LogRecord::new(log::CLOCK).u32(number).u32(local.number).u32(local.segment.get());
    let record =
        clock.entries.iter().fold(head.u32(entries as u32), |record, (thread, segment)| {
            record.u32(*thread).u32(*segment)
        });
    if local.runtime.file.append(record) {
        (clock.recorded, clock.changed) = (number + 1, false);
    }
    clock.recorded
}

/// Whether a clock of this thread knows all that a stamp tells.
fn covers(clock: &Arc<Clock>, stamp: &Stamp, thread: u32) -> bool {
    let same = stamp.others.as_ref().is_some_and(|others| Arc::ptr_eq(others, clock));
    let knows = |(other, segment)| {
        other == thread || find(clock, other).is_ok_and(|at| clock[at].1 >= segment)
    };
    if same { stamp.own.0 == 0 || knows(stamp.own) } else { stamp.entries().all(knows) }
}

fn find(clock: &Clock, thread: u32) -> Result<usize, usize> {
    clock.binary_search_by_key(&thread, |entry| entry.0)
}

/// Makes a clock know one entry more.
fn enter(clock: &mut Clock, (thread, segment): (u32, u32)) {
    match find(clock, thread) {
        Ok(at) => clock[at].1 = segment.max(clock[at].1),
        Err(at) if clock.len() < ENTRIES => clock.insert(at, (thread, segment)),
        Err(_) => {}
    }
}

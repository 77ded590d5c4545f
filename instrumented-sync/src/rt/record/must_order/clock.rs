//! What a thread learns and tells.

use crate::rt::race;
use crate::rt::record::strand;
use crate::rt::shared::stamp::Stamp;
use crate::rt::thread::local::Local;
use std::sync::atomic::Ordering;
use syncscope_detector::must_order::{Entry, Ground, Grounds, Told};
use syncscope_recording::layout::{log, slot};
use syncscope_recording::writer::LogRecord;

impl Local {
    /// This thread has nodes: from now on it matters what it happened before.
    pub(crate) fn note_node(&self) {
        if self.is_in_job() {
            strand::use_own_clock(self);
        }
        if let Ok(mut clock) = self.clock.try_borrow_mut() {
            clock.has_nodes = true;
        }
        #[cfg(feature = "accesses")]
        self.atomics.may_tell.set(true);
    }

    /// What others are told now of this thread and of those before it. Begins a new segment: what this thread does from here
    /// on is not covered.
    pub(crate) fn stamp(&self) -> Stamp {
        Stamp::new(self.known(), race::known(self))
    }

    /// As [`stamp`](Self::stamp), of nestings only.
    pub(crate) fn known(&self) -> Told {
        if self.is_in_job() {
            strand::use_own_clock(self);
            // Of which place in the jobs this is told.
            if self.clock.try_borrow().is_ok_and(|clock| clock.has_nodes) {
                strand::settle(self);
            }
        }
        let Ok(clock) = self.clock.try_borrow() else { return Told::default() };
        let segment = self.segment.get();
        // A thread in its last segment can tell nothing of itself: what follows could not be told apart.
        let Some(next) = segment.checked_add(1).filter(|_| clock.has_nodes) else {
            return clock.clock.tell((0, 0));
        };
        self.segment.set(next);
        // Relaxed: for readers of the board.
        self.slot.u32(slot::SEGMENT).store(next, Ordering::Relaxed);
        self.jobs.leave_strand();
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
        if self.is_in_job() {
            strand::use_own_clock(self);
        }
        if let Ok(mut clock) = self.clock.try_borrow_mut()
            && !clock.is_of_many
        {
            let is_news = clock.clock.learn(self.number, known, on);
            clock.changed |= is_news;
            #[cfg(feature = "accesses")]
            if is_news {
                self.atomics.may_tell.set(true);
            }
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

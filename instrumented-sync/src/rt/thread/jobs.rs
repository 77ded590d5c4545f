//! What a thread keeps of the jobs of thread pools that it runs.

use super::clock::ThreadClock;
use crate::rt::machine::clock;
use std::cell::{Cell, RefCell};

/// Locks that are remembered; a power of two.
const REMEMBERED: usize = 1 << 10;

/// A lock, and where in the tree of jobs it was taken last.
type Taken = (u64, u64);

/// A place in the tree of jobs: a branch, and what had come out of it.
type Place = (u64, u32);

/// What is told of the jobs of a segment: who asked first, in which of its calls, whether that waits for all of it.
pub(crate) type Told = (u32, u32, bool);

/// No place: the thread's own work has branch 0.
const NOWHERE: Place = (u64::MAX, 0);

/// What a thread keeps of its jobs.
#[derive(Debug)]
pub(crate) struct ThreadJobs {
    /// The place that this segment belongs to.
    place: Cell<Place>,
    /// What is told of this segment, where that is no single place.
    told: Cell<Option<Told>>,
    /// Nothing can be told of this segment.
    is_unknown: Cell<bool>,
    /// The last call from outside whose clock was recorded: its number in the tree, and the `CLOCK` record + 1.
    asked: Cell<(u64, u32)>,
    /// Calls that this thread has made outside of jobs.
    calls: Cell<u32>,
    /// By job, innermost last: the clock that the thread had before.
    before: RefCell<Vec<(u64, ThreadClock)>>,
    /// When it last heard of others, in a way that may order what they did before: ticks, 0 for never.
    heard: Cell<u64>,
    /// By the number of the lock; empty before the first.
    taken: RefCell<Vec<Taken>>,
}

impl Default for ThreadJobs {
    fn default() -> Self {
        Self {
            place: Cell::new((0, 0)),
            told: Cell::default(),
            is_unknown: Cell::default(),
            asked: Cell::default(),
            calls: Cell::default(),
            before: RefCell::default(),
            heard: Cell::default(),
            taken: RefCell::default(),
        }
    }
}

impl ThreadJobs {
    /// The place that this segment belongs to.
    #[inline]
    pub(crate) fn place(&self) -> Place {
        self.place.get()
    }

    /// From now on it is this one. Gives what was told of this segment.
    pub(crate) fn enter_strand(&self, place: Place) -> Option<Told> {
        self.place.set(place);
        self.is_unknown.set(false);
        self.told.take()
    }

    /// The segment has ended, or its place has been left.
    pub(crate) fn leave_strand(&self) {
        self.place.set(NOWHERE);
        self.told.set(None);
    }

    /// This is told of this segment, or nothing can be.
    pub(crate) fn tell(&self, told: Option<Told>) {
        self.told.set(told);
    }

    /// Nothing can be told of this segment.
    pub(crate) fn forget(&self) {
        self.is_unknown.set(true);
    }

    /// Whether nothing can be told of this segment.
    pub(crate) fn is_unknown(&self) -> bool {
        self.is_unknown.get()
    }

    /// The `CLOCK` record + 1 of the call with this number, if it was the last one.
    pub(crate) fn asked(&self, tree: u64) -> Option<u32> {
        let (last, clock) = self.asked.get();
        (last == tree).then_some(clock)
    }

    /// The clock of a call from outside was recorded.
    pub(crate) fn set_asked(&self, tree: u64, clock: u32) {
        self.asked.set((tree, clock));
    }

    /// The number of a call outside of jobs that begins; 0 when there were too many.
    pub(crate) fn next_call(&self) -> u32 {
        let next = self.calls.get().wrapping_add(1);
        // It stays there.
        self.calls.set(if next == 0 { u32::MAX } else { next });
        next
    }

    /// The thread has another clock in this job: keeps the one from before.
    pub(crate) fn keep_clock(&self, job: u64, clock: ThreadClock) {
        if let Ok(mut before) = self.before.try_borrow_mut() {
            before.push((job, clock));
        }
    }

    /// The clock that the thread had before this job.
    pub(crate) fn clock_before(&self, job: u64) -> Option<ThreadClock> {
        let mut before = self.before.try_borrow_mut().ok()?;
        let at = before.iter().rposition(|(of, _)| *of == job)?;
        before.truncate(at + 1);
        before.pop().map(|(_, clock)| clock)
    }

    /// The thread has heard of others.
    #[cold]
    pub(crate) fn hears(&self) {
        self.heard.set(clock::ticks());
    }

    /// When it did last.
    pub(crate) fn heard(&self) -> u64 {
        self.heard.get()
    }

    /// Whether the lock was the last one of its place here that was taken in this branch, when so much had come out of that. From
    /// now on it is.
    #[inline]
    pub(crate) fn has_taken(&self, instance: u32, access: u8, (branch, out): (u64, u32)) -> bool {
        let Ok(mut taken) = self.taken.try_borrow_mut() else { return true };
        let Some(place) = taken.get_mut(instance as usize % REMEMBERED) else {
            return false;
        };
        let this = (branch, u64::from(out) << 40 ^ u64::from(access) << 32 ^ u64::from(instance));
        std::mem::replace(place, this) == this
    }

    /// Makes room to remember what is taken. Where that may be done.
    #[cold]
    pub(crate) fn remember(&self) {
        if let Ok(mut taken) = self.taken.try_borrow_mut()
            && taken.is_empty()
        {
            taken.resize(REMEMBERED, (0, 0));
        }
    }
}

//! Arms of a task: futures that it polls in turn, as `join!` and `select!` do.
//!
//! What one arm acquires the others do not hold, and while one waits the others go on. So an arm that acquires or awaits a lock gets a
//! state as a task does, which the thread has while it polls the arm.
//!
//! All arms are woken by the waker of their task. So whether a wait of an arm is certain to last is only known when the whole task has gone
//! to sleep: until then it is kept here.

use crate::rt::object::Site;
use crate::rt::shared::board::Slot;
use std::cell::Cell;
use std::fmt;

/// How arms end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ends {
    /// All come to their ends before their task goes on.
    Joined,
    /// The task may go on, and drop the others, when one has.
    Any,
}

/// Where the future of an arm lies.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    /// Where it begins and ends, if it ends with the arm; empty otherwise.
    pub(crate) owned: (usize, usize),
    /// Where the future lies that it only refers to; 0 where it is none of these.
    pub(crate) pointee: usize,
}

/// What wakes an arm that is not woken as its task is: it cannot be counted.
pub(crate) const UNKNOWN: u32 = u32::MAX;

/// An arm, or a task with arms, that was left waiting.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waiting {
    /// Its number, slot, and the number of its wait: by the time that these are used it may be gone, with its task, to another thread.
    pub(crate) number: u32,
    pub(crate) slot: Slot,
    pub(crate) seq: u32,
    /// Where the arm was made.
    pub(crate) site: Option<Site>,
    /// It has a wait that lasts if nothing else wakes it.
    pub(crate) may_last: bool,
    /// It waits for its own arms.
    pub(crate) is_for_arms: bool,
    /// Nothing but its end ends it, on the way up to the task.
    pub(crate) is_joined: bool,
    /// What wakes the task by its own waker for it.
    pub(crate) pending: u32,
}

/// Those of one poll.
#[derive(Default)]
pub(crate) struct Arms(Cell<Vec<Waiting>>);

impl fmt::Debug for Arms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Arms")
    }
}

impl Arms {
    /// These wait, too. It allocates.
    #[cold]
    pub(crate) fn add(&self, more: impl IntoIterator<Item = Waiting>) {
        let mut all = self.0.take();
        all.extend(more);
        self.0.set(all);
    }

    /// The arm of this number is polled, or dropped.
    pub(crate) fn remove(&self, number: u32) {
        let mut all = self.0.take();
        all.retain(|one| one.number != number);
        self.0.set(all);
    }

    /// Takes those that wait.
    #[inline]
    pub(crate) fn take(&self) -> Vec<Waiting> {
        self.0.take()
    }
}

/// What wakes the task for all of these.
pub(crate) fn pending(all: &[Waiting]) -> u32 {
    all.iter().fold(0, |sum: u32, one| sum.saturating_add(one.pending))
}

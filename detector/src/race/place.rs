//! A tracked place.

use super::clock::Epoch;
use super::guard::{Guard, Majority};
use super::lock_set::{HeldLock, LockSet, have_common};
use super::thread::Thread;

/// An access to a place.
#[derive(Clone, Debug)]
pub struct Access {
    /// When.
    pub epoch: Epoch,
    /// The number of the thread.
    pub thread: u32,
    /// A write; otherwise a read.
    pub is_write: bool,
    /// Where; the driver's number.
    pub site: u32,
    /// Under which locks.
    pub locks: LockSet,
}

/// Sorts of conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConflictKind {
    /// Nothing orders the two.
    Race,
    /// A lock orders them that has nothing to do with either.
    Luck,
}

/// Two accesses of different threads, one of them a write.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// Which sort.
    pub kind: ConflictKind,
    /// The earlier one, as it was observed.
    pub earlier: Access,
    /// The one that was just made.
    pub later: Access,
    /// The lock that was held at most accesses.
    pub majority: Option<Majority>,
}

/// What is remembered of a place: its last write, and the reads since that no later read covers. The usual place has
/// at most one of each.
#[derive(Clone, Debug, Default)]
pub struct Place {
    write: Option<Access>,
    reads: Vec<Access>,
    guard: Guard,
    /// More than one thread has accessed it.
    is_shared: bool,
}

impl Place {
    /// A place that somebody else wrote first, as when it was made before it was tracked.
    #[must_use]
    pub fn written(access: Access) -> Self {
        Self { write: Some(access), ..Self::default() }
    }

    /// Whether nobody has accessed it.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.write.is_none() && self.reads.is_empty()
    }

    /// Whether an access in this epoch would tell nothing new. O(1) but for places with many readers.
    #[must_use]
    pub fn covers(&self, epoch: Epoch, is_write: bool) -> bool {
        let is_mine = |access: &Access| access.epoch == epoch;
        (self.write.as_ref().is_some_and(is_mine) && self.reads.is_empty())
            || (!is_write && self.reads.iter().any(is_mine))
    }

    /// Whether another thread's access is not surely over: another schedule could have it after what this thread does now.
    #[must_use]
    pub fn is_contended(&self, thread: &Thread) -> bool {
        let mut others =
            self.write.iter().chain(&self.reads).filter(|a| a.epoch.slot() != thread.slot());
        others.any(|earlier| !thread.surely_knows(earlier.epoch))
    }

    /// The thread accesses the place now, under these locks. The worst conflict with what was before, if there is one.
    pub fn access(
        &mut self,
        thread: &mut Thread,
        is_write: bool,
        site: u32,
        locks: &LockSet,
    ) -> Option<Conflict> {
        let epoch = thread.access();
        if self.covers(epoch, is_write) {
            return None;
        }
        let later =
            Access { epoch, thread: thread.number(), is_write, site, locks: LockSet::clone(locks) };
        let conflict = self.conflict(thread, &later);
        self.note(thread, locks);
        let majority = conflict.as_ref().and_then(|_| self.guard.majority());
        let conflict = conflict.map(|(kind, earlier)| Conflict {
            kind,
            earlier: earlier.clone(),
            later: later.clone(),
            majority,
        });
        self.remember(thread, later);
        conflict
    }

    fn conflict(&self, thread: &Thread, later: &Access) -> Option<(ConflictKind, Access)> {
        let reads = self.reads.iter().filter(|_| later.is_write);
        let others = self.write.iter().chain(reads);
        let mut others = others.filter(|earlier| earlier.epoch.slot() != thread.slot());
        // A race with one outdoes luck with another.
        let race = others.clone().find(|earlier| !thread.knows(earlier.epoch));
        if let Some(earlier) = race {
            return Some((ConflictKind::Race, earlier.clone()));
        }
        let lucky = others.find(|earlier| {
            !thread.surely_knows(earlier.epoch) && self.is_luck(thread, earlier, &later.locks)
        });
        lucky.map(|earlier| (ConflictKind::Luck, earlier.clone()))
    }

    /// Whether the order of two accesses says nothing of their protection. Both sides or one take a lock, none is common,
    /// and the later thread did not learn of the earlier access by any of these locks: that could be a hand-over.
    fn is_luck(&self, thread: &Thread, earlier: &Access, now: &[HeldLock]) -> bool {
        let has_lock = !earlier.locks.is_empty() || (self.is_shared && !now.is_empty());
        let either = || earlier.locks.iter().chain(now);
        has_lock
            && !have_common(&earlier.locks, now)
            && !thread.learned_by(earlier.epoch, |lock| either().any(|held| held.lock == lock))
    }

    /// Counts the locks. An access that comes after all others in every schedule begins anew.
    fn note(&mut self, thread: &Thread, locks: &LockSet) {
        let is_other = |access: &&Access| access.epoch.slot() != thread.slot();
        let mut others = self.write.iter().chain(&self.reads).filter(is_other).peekable();
        if others.peek().is_some() {
            let is_handed_over = others.all(|earlier| thread.surely_knows(earlier.epoch));
            self.is_shared = !is_handed_over;
            if is_handed_over {
                self.guard.reset();
            }
        }
        self.guard.add(locks);
    }

    fn remember(&mut self, thread: &Thread, access: Access) {
        if access.is_write {
            self.reads.clear();
            self.write = Some(access);
        } else {
            // Whoever comes after this read comes after those that it knows.
            self.reads.retain(|read| !thread.knows(read.epoch));
            self.reads.push(access);
        }
    }
}

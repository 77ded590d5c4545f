//! Which lock protects a place, as far as its accesses tell.

use super::lock_set::HeldLock;

/// Locks that are counted for a place.
const COUNTED: usize = 8;

/// How often which lock was held at the accesses of a place. Repeated accesses between two releases count once.
#[derive(Clone, Debug, Default)]
pub(super) struct Guard {
    accesses: u32,
    locks: Vec<(HeldLock, u32)>,
}

/// The lock that was held most often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Majority {
    /// The lock.
    pub lock: HeldLock,
    /// At how many accesses it was held.
    pub held: u32,
    /// Of how many.
    pub of: u32,
}

impl Guard {
    /// An access under these locks.
    pub(super) fn add(&mut self, held: &[HeldLock]) {
        self.accesses = self.accesses.saturating_add(1);
        for lock in held {
            if let Some((_, count)) =
                self.locks.iter_mut().find(|(known, _)| known.lock == lock.lock)
            {
                *count = count.saturating_add(1);
            } else if self.locks.len() < COUNTED {
                self.locks.push((*lock, 1));
            }
        }
    }

    /// The place has a new owner: what was before says nothing of what is to come.
    pub(super) fn reset(&mut self) {
        self.accesses = 0;
        self.locks.clear();
    }

    /// The lock held most often; of several the one that was met first.
    pub(super) fn majority(&self) -> Option<Majority> {
        let best = self.locks.iter().rev().max_by_key(|(_, count)| *count)?;
        Some(Majority { lock: best.0, held: best.1, of: self.accesses })
    }
}

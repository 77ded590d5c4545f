//! Vector clocks, and the epochs that usually replace them.

use std::sync::Arc;

/// One thread's time at one moment: its slot (16 bits) and its time (48 bits). 0 is no epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Epoch(u64);

const TIME_BITS: u32 = 48;

impl Epoch {
    /// The epoch of a slot at a time; times count from 1.
    #[must_use]
    pub const fn new(slot: u16, time: u64) -> Self {
        Self((slot as u64) << TIME_BITS | (time & ((1 << TIME_BITS) - 1)))
    }

    /// The slot.
    #[must_use]
    pub const fn slot(self) -> u16 {
        (self.0 >> TIME_BITS) as u16
    }

    /// The time.
    #[must_use]
    pub const fn time(self) -> u64 {
        self.0 & ((1 << TIME_BITS) - 1)
    }

    /// As a number; distinct epochs have distinct numbers.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }
}

/// A vector clock, by slot. What is not stored is 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clock(Vec<u64>);

impl Clock {
    /// The time of a slot.
    #[must_use]
    pub fn get(&self, slot: u16) -> u64 {
        self.0.get(usize::from(slot)).copied().unwrap_or(0)
    }

    /// Sets the time of a slot.
    pub fn set(&mut self, slot: u16, time: u64) {
        let index = usize::from(slot);
        if index >= self.0.len() {
            self.0.resize(index + 1, 0);
        }
        self.0[index] = time;
    }

    /// Takes over what the other knows; whether that was news. O(slots).
    pub fn join(&mut self, other: &Self) -> bool {
        if other.0.len() > self.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        let mut changed = false;
        for (own, theirs) in self.0.iter_mut().zip(&other.0) {
            if *own < *theirs {
                *own = *theirs;
                changed = true;
            }
        }
        changed
    }

    /// Whether the epoch happened before this moment.
    #[must_use]
    pub fn knows(&self, epoch: Epoch) -> bool {
        epoch.time() <= self.get(epoch.slot())
    }
}

/// A clock, and the part of it that no other schedule reverses. The hard one never knows more than the full one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clocks {
    /// By every edge.
    pub full: Clock,
    /// By all edges but those of critical sections.
    pub hard: Clock,
}

impl Clocks {
    /// Takes over both parts; whether anything was news.
    pub fn join(&mut self, other: &Self) -> bool {
        // Both are to be joined.
        self.full.join(&other.full) | self.hard.join(&other.hard)
    }
}

/// What a thread knew at a moment: shared, never changed.
pub type Stamp = Arc<Clocks>;

/// Adds a stamp to those that an object has collected.
pub(super) fn collect(into: &mut Option<Stamp>, stamp: &Stamp) {
    match into {
        Some(known) if Arc::ptr_eq(known, stamp) => {}
        Some(known) => {
            Arc::make_mut(known).join(stamp);
        }
        None => *into = Some(Arc::clone(stamp)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epochs_keep_slot_and_time() {
        let epoch = Epoch::new(u16::MAX, (1 << 48) - 1);
        assert_eq!((epoch.slot(), epoch.time()), (u16::MAX, (1 << 48) - 1));
        assert_ne!(Epoch::new(0, 1).bits(), 0);
    }

    #[test]
    fn joins_take_the_later_time_of_each_slot() {
        let (mut a, mut b) = (Clock::default(), Clock::default());
        a.set(0, 3);
        b.set(0, 2);
        b.set(5, 7);
        assert!(a.join(&b));
        assert!(!a.join(&b));
        assert_eq!((a.get(0), a.get(4), a.get(5), a.get(9)), (3, 0, 7, 0));
        assert!(a.knows(Epoch::new(5, 7)));
        assert!(!a.knows(Epoch::new(5, 8)));
    }
}

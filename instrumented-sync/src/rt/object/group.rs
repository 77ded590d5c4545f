//! Groups of locks: which lock of a group a thread takes depends on its data, as with the shards of a map.
//!
//! The locks of a group have numbers that differ in their low bits only. So the group costs nothing beyond them: its class tells how many
//! bits these are. The numbers are reserved when the group is made, and each is taken into use with its lock.

use super::meta::Reserved;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};

/// The numbers that are kept for groups.
pub(crate) const NUMBERS: Range<u32> = 1 << 29..1 << 30;

/// Locks of one group at most; of a larger one each lock is by itself.
const MOST: usize = 1 << 16;

static NEXT: AtomicU32 = AtomicU32::new(NUMBERS.start);

/// Numbers for the locks of a new group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbers {
    first: u32,
    bits: u32,
}

impl Numbers {
    /// Reserves numbers for so many locks. `None` for what is no group, and when the numbers are used up.
    pub(crate) fn reserve(locks: usize) -> Option<Self> {
        if !(2..=MOST).contains(&locks) {
            return None;
        }
        let len = locks.next_power_of_two() as u32;
        // Relaxed: hands out ranges. Each begins at a multiple of its length.
        let next = |next: u32| {
            let first = next.next_multiple_of(len);
            (first < NUMBERS.end).then_some(first + len)
        };
        let before = NEXT.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).ok()?;
        Some(Self { first: before.next_multiple_of(len), bits: len.trailing_zeros() })
    }

    /// The number of one of its locks.
    pub(crate) const fn of(self, index: usize) -> Reserved {
        let index = index as u32 & ((1 << self.bits) - 1);
        Reserved { number: self.first | index, group_bits: self.bits }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_a_group_differ_in_their_low_bits_only() {
        let group_of = |reserved: Reserved| reserved.number >> reserved.group_bits;
        let mut seen = std::collections::BTreeSet::new();
        for locks in [2, 3, 16, 5, 256, 2] {
            let numbers = Numbers::reserve(locks).expect("there are enough");
            let all: Vec<_> = (0..locks).map(|index| numbers.of(index)).collect();
            assert!(all.iter().all(|reserved| group_of(*reserved) == group_of(all[0])));
            assert!(all.iter().all(|reserved| NUMBERS.contains(&reserved.number)));
            assert!(all.iter().all(|reserved| seen.insert(reserved.number)), "used twice");
        }
    }

    #[test]
    fn what_is_no_group_has_no_numbers() {
        for locks in [0, 1, MOST + 1, usize::MAX] {
            assert!(Numbers::reserve(locks).is_none());
        }
    }
}

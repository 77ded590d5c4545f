// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! Whether futures that a task polls beside others wait for a time: such a one ends the others, in a `select!`.
//!
//! What the future of an `async` block waits for its type does not say. So what polls of that type have left pending is kept here, by the address of the
//! type's name; for a `select!` of which only its place is known, by the address of that. What does not fit in is as if it had never been polled.

use std::sync::atomic::{AtomicU64, Ordering};

const PLACES: usize = 1024;
/// Places that one address may have.
const PROBES: usize = 4;

/// What the polls so far have left pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// None has left anything pending.
    Nothing,
    /// Something, and no time.
    NoTime,
    /// A time.
    Time,
    /// A time, and when that had passed, more: it goes on, as a loop does.
    GoesOn,
}

/// By address: that, and what was seen in the last bits.
static ENDINGS: Endings = Endings([const { AtomicU64::new(0) }; PLACES]);

struct Endings([AtomicU64; PLACES]);

/// What was seen of this one.
#[inline]
pub(crate) fn seen(address: usize) -> Seen {
    ENDINGS.seen(address)
}

/// A poll has left something pending: a time, or not. `has_passed`: one has passed in it.
#[inline]
pub(crate) fn note(address: usize, is_time: bool, has_passed: bool) {
    ENDINGS.note(address, is_time, has_passed);
}

impl Endings {
    fn places(&self, address: usize) -> impl Iterator<Item = &AtomicU64> {
        let first = (address >> 4 ^ address >> 14) % PLACES;
        (0..PROBES).map(move |step| &self.0[(first + step) % PLACES])
    }

    fn seen(&self, address: usize) -> Seen {
        // Relaxed: the word stands for itself.
        let mut words = self.places(address).map(|place| place.load(Ordering::Relaxed));
        words.find(|word| word >> 2 == address as u64).map_or(Seen::Nothing, |word| {
            match word & 3 {
                1 => Seen::NoTime,
                2 => Seen::Time,
                _ => Seen::GoesOn,
            }
        })
    }

    fn note(&self, address: usize, is_time: bool, has_passed: bool) {
        let before = self.seen(address);
        let now = match before {
            Seen::GoesOn => return,
            Seen::Time if has_passed => 3,
            Seen::Time => return,
            _ if is_time => 2,
            Seen::NoTime => return,
            Seen::Nothing => 1,
        };
        let new = (address as u64) << 2 | now;
        for place in self.places(address) {
            // Relaxed: as above; who comes second writes over what is of the same address only.
            let known = place.load(Ordering::Relaxed);
            let is_free = known == 0 || known >> 2 == address as u64;
            // Relaxed: as above.
            if is_free
                && place.compare_exchange(known, new, Ordering::Relaxed, Ordering::Relaxed).is_ok()
            {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen_after(polls: &[(bool, bool)]) -> Seen {
        let endings = Endings([const { AtomicU64::new(0) }; PLACES]);
        for &(is_time, has_passed) in polls {
            endings.note(4096, is_time, has_passed);
        }
        assert_eq!(endings.seen(4097), Seen::Nothing);
        endings.seen(4096)
    }

    #[test]
    fn a_time_is_remembered_until_it_turns_out_to_be_one_of_many() {
        assert_eq!(seen_after(&[]), Seen::Nothing);
        assert_eq!(seen_after(&[(false, false)]), Seen::NoTime);
        // The first tick of an interval has passed at once.
        assert_eq!(seen_after(&[(true, true)]), Seen::Time);
        assert_eq!(seen_after(&[(false, false), (true, false), (false, false)]), Seen::Time);
        assert_eq!(seen_after(&[(true, false), (true, true), (true, false)]), Seen::GoesOn);
    }

    #[test]
    fn what_does_not_fit_in_is_unknown() {
        let endings = Endings([const { AtomicU64::new(0) }; PLACES]);
        let alike: Vec<usize> = (1..1 << 20)
            .map(|number| number << 4)
            .filter(|address: &usize| (address >> 4 ^ address >> 14) % PLACES == 7)
            .take(PROBES + 1)
            .collect();
        alike.iter().for_each(|address| endings.note(*address, true, false));
        assert_eq!(endings.seen(alike[0]), Seen::Time);
        assert_eq!(endings.seen(alike[PROBES]), Seen::Nothing);
    }
}

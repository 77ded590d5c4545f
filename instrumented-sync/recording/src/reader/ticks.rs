//! Clock readings that were stored without their high bits.

use crate::layout::event;

/// A clock reading of which the file holds `bits` bits, without the `shift` lowest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    pub(super) bits: u32,
    pub(super) shift: u32,
}

/// Ticks in the second word of an event.
pub(super) const EVENT: Cut = Cut { bits: 64 - event::TICKS_SHIFT, shift: event::TICKS_CUT };

/// Ticks in an entry of a held stack.
pub(super) const HELD: Cut = Cut { bits: 48, shift: 8 };

impl Cut {
    /// The reading after `before`. A reading a little before it is taken as such (one in 1,024 of the range: threads
    /// that move between processors can see the clock step back); all others lie ahead.
    pub(super) fn after(self, before: u64, stored: u64) -> u64 {
        let ahead = self.distance(before, stored);
        let range = 1 << self.bits;
        self.at_distance(before, ahead, range - range / 1024)
    }

    /// The reading nearest to `around`.
    pub(super) fn near(self, around: u64, stored: u64) -> u64 {
        let ahead = self.distance(around, stored);
        self.at_distance(around, ahead, 1 << (self.bits - 1))
    }

    /// How far `stored` lies ahead of `from`, in stored units, when it does not lie before it.
    fn distance(self, from: u64, stored: u64) -> u64 {
        let mask = (1 << self.bits) - 1;
        stored.wrapping_sub(from >> self.shift) & mask
    }

    fn at_distance(self, from: u64, ahead: u64, backward_from: u64) -> u64 {
        let units = from >> self.shift;
        let range = 1_u64 << self.bits;
        let there = match ahead < backward_from {
            true => units.checked_add(ahead),
            false => units.checked_sub(range - ahead),
        };
        // Only damaged numbers leave the range of the clock.
        there.map_or(from, |units| units << self.shift)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a writer stores of `ticks`.
    fn cut(cut: Cut, ticks: u64) -> u64 {
        (ticks >> cut.shift) & ((1 << cut.bits) - 1)
    }

    #[test]
    fn readings_after_another_come_back() {
        let before = (7 << 33) + 0x1_FFFF_FC00;
        for ahead in [0, 1024, 0x1000, 1 << 20, 1 << 30, (1 << 32) + 1024, (1 << 33) - (1 << 24)] {
            let ticks = before + ahead;
            assert_eq!(EVENT.after(before, cut(EVENT, ticks)), ticks, "{ahead}");
        }
    }

    #[test]
    fn small_steps_back_come_back() {
        let before = (7 << 33) + 0x400;
        for behind in [1024, 0x1000, 0x10000, 1 << 22] {
            let ticks = before - behind;
            assert_eq!(EVENT.after(before, cut(EVENT, ticks)), ticks, "{behind}");
        }
    }

    #[test]
    fn the_nearest_reading_is_taken() {
        let around = (3 << 56) + 0x100;
        for ticks in
            [around, around - 0x100, around - 0x1000, around - (1 << 54), around + (1 << 54)]
        {
            assert_eq!(HELD.near(around, cut(HELD, ticks)), ticks);
        }
    }

    #[test]
    fn the_ends_of_the_range_do_not_overflow() {
        for from in [0, 1, u64::MAX, u64::MAX - 16] {
            for stored in [0, 1, (1 << 23) - 1] {
                EVENT.after(from, stored);
                HELD.near(from, stored);
            }
        }
    }
}

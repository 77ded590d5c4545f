// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! What says in memory which end of which channel it is.
//!
//! An end of a channel goes from hand to hand by moves, of which nobody tells. So it has a word of its own in it, by which it is found wherever
//! it is. The word is read when the end is dropped, and taken away, both in a way that the compiler leaves alone: so as long as the end lives it is
//! in memory, and never in a register only.

/// So large are addresses at most: 47 bits.
const ADDRESSES: u64 = 1 << 47;

/// A side of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Side {
    /// A sender, or what a sender is made of.
    Sends,
    /// The receiver.
    Receives,
}

impl Side {
    /// What the address of a channel becomes by it: no address, and no small number.
    const fn pattern(self) -> u64 {
        match self {
            Self::Sends => 0xA5C3_0000_5F0D_0003,
            Self::Receives => 0xA5C3_0000_36B1_0005,
        }
    }

    /// The word of an end of the channel at this address.
    #[inline]
    pub(crate) const fn word(self, channel: usize) -> u64 {
        channel as u64 ^ self.pattern()
    }

    /// The side and the channel's address, if this is such a word.
    pub(crate) fn of(word: u64) -> Option<(Self, usize)> {
        let is_address =
            |address: &u64| (1..ADDRESSES).contains(address) && address.is_multiple_of(8);
        [Self::Sends, Self::Receives].into_iter().find_map(|side| {
            let address = Some(word ^ side.pattern()).filter(is_address)?;
            Some((side, address as usize))
        })
    }
}

/// The word, as part of an end.
#[derive(Debug)]
pub(crate) struct Marked(u64);

impl Marked {
    #[inline]
    pub(crate) const fn new(side: Side, channel: usize) -> Self {
        Self(side.word(channel))
    }
}

impl Drop for Marked {
    #[inline]
    fn drop(&mut self) {
        let place = &raw mut self.0;
        // SAFETY: the place is this value's.
        unsafe {
            let word = place.read_volatile();
            place.write_volatile(word & 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::mem::ManuallyDrop;

    #[test]
    fn a_word_tells_its_channel_and_side() {
        for side in [Side::Sends, Side::Receives] {
            assert_eq!(Side::of(side.word(0x7f12_3456_7890)), Some((side, 0x7f12_3456_7890)));
        }
        for word in [0, 1, u64::MAX, 0x7f12_3456_7890, Side::Sends.pattern()] {
            assert_eq!(Side::of(word), None, "{word:x}");
        }
    }

    #[test]
    fn it_is_gone_when_it_is_dropped() {
        let mut end = ManuallyDrop::new(Marked::new(Side::Sends, 0x7f12_3456_7890));
        assert!(Side::of(end.0).is_some());
        // SAFETY: dropped once; the word is a number.
        unsafe { ManuallyDrop::drop(&mut end) };
        assert_eq!(Side::of(end.0), None);
    }
}

//! Random numbers that are the same on every machine and in every version.

/// A small generator (SplitMix64).
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// Numbers at which readers break.
    pub(super) fn nasty(&mut self) -> u64 {
        let all = [0, 1, 63, 64, 511, 512, 4095, 4096, u64::from(u32::MAX), 1 << 31, 1 << 40];
        match self.below(4) {
            0 => u64::MAX - self.next() % 600,
            1 => self.next(),
            2 => self.next() % 100_000,
            _ => all[self.below(all.len())],
        }
    }

    /// A number that may well be one of a table, and sometimes is nasty.
    pub(super) fn number(&mut self) -> u32 {
        match self.below(4) {
            0 => self.nasty() as u32,
            _ => self.next() as u32 % 12,
        }
    }
}

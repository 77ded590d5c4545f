//! A hasher for small numbers that the runtime hands out itself, so that nobody can choose them to collide.

use std::hash::{BuildHasherDefault, Hasher};

/// Builds [`Spread`]s.
pub type BuildSpread = BuildHasherDefault<Spread>;

/// Spreads numbers by a multiplication: a fraction of what std's hasher costs, which withstands hostile keys.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spread(u64);

/// 2^64 divided by the golden ratio (Knuth, The Art of Computer Programming, vol. 3, 6.4).
const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

impl Hasher for Spread {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(23) ^ number).wrapping_mul(MULTIPLIER);
    }

    fn finish(&self) -> u64 {
        // Tables take the lowest bits and the highest ones; only the high half of a product depends on all of the number.
        self.0 ^ self.0 >> 32
    }
}

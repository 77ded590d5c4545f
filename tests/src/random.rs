//! Repeatable chance: a seed in, a sequence out.

/// A generator (xorshift64*), good enough to choose moments and places.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The sequence of a seed; `SYNCSCOPE_SEED` in the environment replaces it. Prints it, for a failure's sake.
    ///
    /// # Panics
    ///
    /// When the variable is no number.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        let given = std::env::var("SYNCSCOPE_SEED").ok();
        let seed = given.map_or(seed, |text| text.parse().expect("SYNCSCOPE_SEED is a number"));
        println!("SYNCSCOPE_SEED={seed}");
        Self(seed.max(1))
    }

    /// The next number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) % bound.max(1)
    }
}

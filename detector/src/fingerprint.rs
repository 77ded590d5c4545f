//! Stable fingerprints: the same finding has the same 16 digits in every run, on every machine, in every version.
//!
//! The hash is FNV-1a, 64 bits, written out here because the standard library's hasher promises no stability.

/// FNV-1a over parts; every part is closed by a byte that UTF-8 never holds, so that parts cannot run together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fnv(u64);

impl Fnv {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    const END_OF_PART: u8 = 0xFF;

    pub(crate) const fn new() -> Self {
        Self(Self::OFFSET)
    }

    pub(crate) fn text(mut self, part: &str) -> Self {
        for byte in part.bytes().chain([Self::END_OF_PART]) {
            self.byte(byte);
        }
        self
    }

    pub(crate) fn number(mut self, part: u64) -> Self {
        for byte in part.to_le_bytes() {
            self.byte(byte);
        }
        self
    }

    pub(crate) const fn finish(self) -> u64 {
        self.0
    }

    fn byte(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(Self::PRIME);
    }
}

/// A hash of texts that is the same in every run, on every machine, in every version.
#[must_use]
pub fn stable_hash<'a>(parts: impl IntoIterator<Item = &'a str>) -> u64 {
    parts.into_iter().fold(Fnv::new(), Fnv::text).finish()
}

/// One lock of a cycle, as the fingerprint sees it: hashes of the lock's key, of the place where it is held, and of
/// the place where it is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Element {
    pub(crate) lock: u64,
    pub(crate) held_at: u64,
    pub(crate) wanted_at: u64,
}

/// What a cycle looks like, wherever it is entered: equal for all rotations.
pub(crate) fn shape(cycle: &[Element]) -> u64 {
    let start = least_rotation(cycle);
    let rotated = cycle[start..].iter().chain(&cycle[..start]);
    rotated
        .fold(Fnv::new(), |hash, element| {
            hash.number(element.lock).number(element.held_at).number(element.wanted_at)
        })
        .finish()
}

/// The fingerprint of a finding of `rule` with this shape.
pub(crate) fn fingerprint(rule: &str, shape: u64) -> String {
    format!("{:016x}", Fnv::new().text(rule).number(shape).finish())
}

/// Where the lexicographically least rotation starts. Linear (two candidates and the length they agree on).
fn least_rotation<T: Ord>(items: &[T]) -> usize {
    let len = items.len();
    let (mut left, mut right, mut agreed) = (0, 1, 0);
    while left < len && right < len && agreed < len {
        let a = &items[(left + agreed) % len];
        let b = &items[(right + agreed) % len];
        match a.cmp(b) {
            std::cmp::Ordering::Equal => {
                agreed += 1;
                continue;
            }
            std::cmp::Ordering::Greater => left += agreed + 1,
            std::cmp::Ordering::Less => right += agreed + 1,
        }
        if left == right {
            right += 1;
        }
        agreed = 0;
    }
    left.min(right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_hash_is_fnv_1a() {
        // Published test vectors of FNV-1a: the empty input and "a" (here without the closing byte).
        assert_eq!(Fnv::new().finish(), 0xcbf2_9ce4_8422_2325);
        let mut hash = Fnv::new();
        hash.byte(b'a');
        assert_eq!(hash.finish(), 0xaf63_dc4c_8601_ec8c);
    }

    #[test]
    fn parts_do_not_run_together() {
        let split = Fnv::new().text("ab").text("c").finish();
        assert_ne!(split, Fnv::new().text("a").text("bc").finish());
    }

    proptest! {
        #[test]
        fn least_rotation_is_the_least(items in proptest::collection::vec(0_u8..3, 1..12)) {
            let rotate = |start: usize| {
                let mut rotated = items.clone();
                rotated.rotate_left(start);
                rotated
            };
            let least = (0..items.len()).map(rotate).min();
            prop_assert_eq!(Some(rotate(least_rotation(&items))), least);
        }

        #[test]
        fn all_rotations_have_one_shape(locks in proptest::collection::vec(0_u64..3, 1..8), by in 0_usize..8) {
            let cycle: Vec<_> = locks.iter().map(|&lock| Element { lock, held_at: lock, wanted_at: 7 }).collect();
            let mut rotated = cycle.clone();
            rotated.rotate_left(by % cycle.len());
            prop_assert_eq!(shape(&cycle), shape(&rotated));
        }
    }
}

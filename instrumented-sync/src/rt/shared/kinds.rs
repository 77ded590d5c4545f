//! How many nestings are kept.
//!
//! A *kind* of nesting is told by two places: a lock of this class was requested here, while one of that class was held that was taken
//! there. A program has as many kinds as its text says; but of one kind there may be nestings of different locks without number: of
//! each two of ten thousand accounts, or of one lock with every request's own.
//!
//! So of each kind the first [`FIRST`] are kept, and then a sample, which gets the thinner the more there are. Locks, not
//! occurrences, decide what is in it: two locks that were nested in both orders are in it both times or not at all, and all nestings
//! among some locks are in it, in which longer cycles are found. What comes in the opposite order of a nesting that is kept is kept,
//! too, and so are other threads' nestings of the same locks. What is left out is counted as lost; it takes no shared line to find that out.
//!
//! A nesting is kept whole, with everything that was held, so a sample never makes up a cycle.

use dashmap::DashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use syncscope_detector::graph::BuildSpread;

/// Nestings of each kind that are kept, whatever their locks.
const FIRST: u32 = 4096;
/// After so many more the sample is half as dense.
const STEP: u32 = 256;
/// How often that happens.
const LEVELS: u32 = 24;
/// Nestings of each kind that are kept because the opposite is.
const OPPOSITES: u32 = 4096;
/// Nestings of each kind that are kept because another thread's of the same locks are.
const REPEATS: u32 = 8192;
/// Nestings of each kind that are kept though the two locks are not next to each other: with others between them, each of
/// which makes a kind with the requested lock, too.
pub(crate) const FAR: u32 = 64;
/// Kinds at most. Of more nothing is kept.
const KINDS: u32 = 1 << 16;
/// Looks for a kind while other threads are at the map: some milliseconds.
const TRIES: u32 = 2000;
/// Nestings that are remembered in order to know their opposites; a power of two.
const REMEMBERED: usize = 1 << 15;

/// Odd, with its bits well spread.
pub(crate) const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
const MULTIPLIER: u64 = 0xD6E8_FEB8_6659_FD93;

/// What is kept of one kind. All threads look at it, and rarely write: alone on its cache line.
#[derive(Debug)]
#[repr(align(64))]
pub(crate) struct Kind {
    pub(crate) kept: Amount,
    pub(crate) repeats: Amount,
    pub(crate) opposites: Amount,
    pub(crate) far: Amount,
}

/// How many there are. A bound on it may be passed by as many as there are threads.
#[derive(Debug)]
pub(crate) struct Amount(AtomicU32);

impl Amount {
    #[inline]
    pub(crate) fn get(&self) -> u32 {
        // Relaxed: an amount; nothing is published through it.
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn add_one(&self) {
        // Relaxed: as above.
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// All kinds.
#[derive(Debug)]
pub(crate) struct Kinds {
    known: DashMap<u64, &'static Kind, BuildSpread>,
    count: Amount,
    /// By the hash of two locks, its mark: of the nestings kept last.
    kept: Box<[AtomicU32; REMEMBERED]>,
}

/// Two locks, one inside the other, and a hash of the two that does not depend on which.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    outer: u32,
    inner: u32,
    hash: u64,
}

impl Default for Kinds {
    fn default() -> Self {
        Self {
            known: DashMap::default(),
            count: Amount(AtomicU32::new(0)),
            // SAFETY: zeros are valid atomics.
            kept: unsafe { Box::new_zeroed().assume_init() },
        }
    }
}

impl Kinds {
    /// The kind with this key. `None` when there are too many, or when another thread is there for too long: it may wait for the
    /// program's allocator, whose lock this thread may hold.
    #[cold]
    pub(crate) fn find(&self, key: u64) -> Option<&'static Kind> {
        for _ in 0..TRIES {
            if let Some(known) = self.known.try_get(&key).try_unwrap() {
                return Some(*known);
            }
            if self.count.get() >= KINDS {
                return None;
            }
            match self.known.try_entry(key) {
                Some(dashmap::Entry::Occupied(known)) => return Some(*known.get()),
                Some(dashmap::Entry::Vacant(vacant)) => {
                    self.count.add_one();
                    // Leaked: threads have it at hand.
                    return Some(*vacant.insert(Box::leak(Box::new(Kind::new()))));
                }
                None => std::thread::yield_now(),
            }
        }
        None
    }

    /// A nesting of these two is kept.
    pub(crate) fn remember(&self, pair: Pair) {
        // Relaxed: a hint.
        self.kept[pair.place()].store(pair.mark(), Ordering::Relaxed);
    }

    /// Whether a nesting of these two is kept: of them in this order, or only in the other. Wrong once in a thousand million times, or
    /// when others came after it.
    #[inline]
    fn remembers(&self, pair: Pair) -> Option<Order> {
        // Relaxed: a hint.
        match self.kept[pair.place()].load(Ordering::Relaxed) ^ pair.mark() {
            0 => Some(Order::Same),
            1 => Some(Order::Opposite),
            _ => None,
        }
    }
}

/// How a nesting that is kept is related to another one of the same locks.
#[derive(Clone, Copy, Debug)]
enum Order {
    Same,
    Opposite,
}

impl Pair {
    #[inline]
    pub(crate) fn new(outer: u32, inner: u32) -> Self {
        let both = u64::from(outer.min(inner)) << 32 | u64::from(outer.max(inner));
        let mixed = both.wrapping_mul(SPREAD);
        Self { outer, inner, hash: (mixed ^ mixed >> 32).wrapping_mul(MULTIPLIER) }
    }

    /// Whether the two are in a sample in which of each 2^`level` pairs of locks one is: by the pair, or because both locks are among
    /// those of which all nestings are kept, of which there are so few that their pairs are about as many.
    #[inline]
    fn is_in_sample(self, level: u32) -> bool {
        let one_of = |hash: u64, level: u32| hash.trailing_zeros() >= level;
        let alone = |lock: u32| one_of(u64::from(lock).wrapping_mul(SPREAD) >> 32, level / 2 + 1);
        one_of(self.hash >> 40, level) || alone(self.outer) && alone(self.inner)
    }

    /// Where the two are remembered, in either order.
    fn place(self) -> usize {
        (self.hash >> 8) as usize % REMEMBERED
    }

    /// What is remembered of them.
    fn mark(self) -> u32 {
        // Never 0, which marks a free place.
        self.hash.rotate_left(24) as u32 & !3 | 2 | u32::from(self.outer < self.inner)
    }
}

impl Kind {
    const fn new() -> Self {
        let [kept, repeats, opposites, far] = [const { Amount(AtomicU32::new(0)) }; 4];
        Self { kept, repeats, opposites, far }
    }

    /// Whether there was none of this kind yet.
    #[inline]
    pub(crate) fn is_new(&self) -> bool {
        self.kept.get() == 0 && !self.has_any()
    }

    /// Whether the nesting of two locks next to each other is kept.
    #[inline(always)]
    pub(crate) fn keeps(&self, kinds: &Kinds, pair: Pair) -> bool {
        let kept = self.kept.get();
        let Some(more) = kept.checked_sub(FIRST) else { return true };
        let level = 1 + more / STEP;
        level <= LEVELS && pair.is_in_sample(level)
            || match kinds.remembers(pair) {
                Some(Order::Same) => self.repeats.get() < REPEATS,
                Some(Order::Opposite) => self.opposites.get() < OPPOSITES,
                None => false,
            }
    }

    /// Whether that nesting is surely not kept, however much room there is: it is in no sample, and nothing is kept of the two.
    #[inline(always)]
    pub(crate) fn leaves_out(&self, kinds: &Kinds, pair: Pair) -> bool {
        let Some(more) = self.kept.get().checked_sub(FIRST) else { return false };
        let level = 1 + more / STEP;
        !(level <= LEVELS && pair.is_in_sample(level)) && kinds.remembers(pair).is_none()
    }

    /// Counts a nesting of two locks next to each other that is kept.
    pub(crate) fn note(&self, kinds: &Kinds, pair: Pair) {
        let amount = match kinds.remembers(pair) {
            Some(Order::Same) => &self.repeats,
            Some(Order::Opposite) => &self.opposites,
            None => &self.kept,
        };
        amount.add_one();
    }

    fn has_any(&self) -> bool {
        [&self.kept, &self.repeats, &self.opposites, &self.far]
            .iter()
            .any(|amount| amount.get() > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sampled(outer: u32, inner: u32, level: u32) -> bool {
        Pair::new(outer, inner).is_in_sample(level)
    }

    #[test]
    fn what_is_surely_left_out_is_never_kept() {
        let (kinds, kind) = (Kinds::default(), Kind::new());
        let pairs = || (1..60).flat_map(|a| (1..60).map(move |b| Pair::new(a, b)));
        let left_out = || pairs().filter(|pair| kind.leaves_out(&kinds, *pair)).count();
        assert_eq!(left_out(), 0);
        for more in 0..3 * STEP {
            // Relaxed: there is one thread.
            kind.kept.0.store(FIRST + more, Ordering::Relaxed);
            kinds.remember(Pair::new(1 + more % 59, 1 + more % 31));
            assert!(pairs().all(|pair| kind.leaves_out(&kinds, pair) != kind.keeps(&kinds, pair)));
        }
        assert!(left_out() > 1000, "{}", left_out());
    }

    #[test]
    fn a_sample_has_both_orders_or_none_and_thins_out() {
        let pairs = |level| {
            let pair = move |a| (0..500).map(move |b| sampled(a, b, level));
            (0..500).flat_map(pair).filter(|is_in| *is_in).count()
        };
        assert!((0..100).all(|a| (0..100).all(|b| sampled(a, b, 5) == sampled(b, a, 5))));
        for level in 1..8 {
            let expected = 250_000 >> level;
            assert!(
                (expected / 2..expected * 3).contains(&pairs(level)),
                "{level}: {}",
                pairs(level)
            );
        }
        // A denser sample has everything that a thinner one has.
        for (a, b) in (0..200).flat_map(|a| (0..200).map(move |b| (a, b))) {
            assert!(!sampled(a, b, 9) || (1..9).all(|level| sampled(a, b, level)));
        }
    }
}

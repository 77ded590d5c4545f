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
//! Every nesting that is kept is kept whole, with all that was held, so a sample never makes a cycle that is none.

use super::held::Lock;
use super::local::Local;
use super::nodes::Room;
use dashmap::DashMap;
use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};
use syncscope_detector::graph::BuildSpread;
use syncscope_recording::layout::header;

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
const FAR: u32 = 64;
/// So many of the locks held around a requested one are asked for their kind.
const AROUND: usize = 16;
/// Kinds at most. Of more nothing is kept.
const KINDS: u32 = 1 << 16;
/// Looks for a kind while other threads are at the map: some milliseconds.
const TRIES: u32 = 2000;
/// Kinds that a thread has at hand; a power of two.
const CACHE: usize = 64;
/// Nestings that are remembered in order to know their opposites; a power of two.
const REMEMBERED: usize = 1 << 15;
/// Nestings that a thread leaves out before it tells how many.
const TOLD_TOGETHER: u32 = 1024;

/// Odd, with its bits well spread.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
const MULTIPLIER: u64 = 0xD6E8_FEB8_6659_FD93;

/// In the place of the lock around one that is held alone.
const ALONE: Lock = Lock { instance: 0, class: 0, site_access: 0 };

/// What is kept of one kind.
#[derive(Debug)]
pub(super) struct Kind {
    kept: Amount,
    repeats: Amount,
    opposites: Amount,
    far: Amount,
}

/// How many there are. A bound on it may be passed by as many as there are threads.
#[derive(Debug)]
struct Amount(AtomicU32);

impl Amount {
    #[inline]
    fn get(&self) -> u32 {
        // Relaxed: an amount; nothing is published through it.
        self.0.load(Ordering::Relaxed)
    }

    fn add_one(&self) {
        // Relaxed: as above.
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// All kinds.
#[derive(Debug)]
pub(super) struct Kinds {
    known: DashMap<u64, &'static Kind, BuildSpread>,
    count: Amount,
    /// By the hash of two locks, its mark: of the nestings kept last.
    kept: Box<[AtomicU32]>,
}

/// Two locks, one inside the other, and a hash of the two that does not depend on which.
#[derive(Clone, Copy, Debug)]
struct Pair {
    outer: u32,
    inner: u32,
    hash: u64,
}

/// A thread's own view of the kinds.
#[derive(Debug)]
pub(super) struct KindCache {
    known: [Cell<Option<(u64, &'static Kind)>>; CACHE],
    /// Nestings left out that nobody was told of.
    lost: Cell<u32>,
}

impl Default for Kinds {
    fn default() -> Self {
        Self {
            known: DashMap::default(),
            count: Amount(AtomicU32::new(0)),
            kept: std::iter::repeat_with(|| AtomicU32::new(0)).take(REMEMBERED).collect(),
        }
    }
}

impl Kinds {
    /// The kind with this key. `None` when there are too many, or when another thread is there for too long: it may wait for the
    /// program's allocator, whose lock this thread may hold.
    #[cold]
    fn find(&self, key: u64) -> Option<&'static Kind> {
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
    fn remember(&self, pair: Pair) {
        // Relaxed: a hint.
        self.kept[pair.place()].store(pair.mark(), Ordering::Relaxed);
    }

    /// Whether a nesting of these two is kept: of them in this order, or only in the other. Wrong once in a thousand million times, or
    /// when others came after it.
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
    fn new(outer: u32, inner: u32) -> Self {
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

impl KindCache {
    pub(super) const fn new() -> Self {
        Self { known: [const { Cell::new(None) }; CACHE], lost: Cell::new(0) }
    }

    #[inline]
    fn place(&self, key: u64) -> &Cell<Option<(u64, &'static Kind)>> {
        &self.known[(key >> 40) as usize % CACHE]
    }
}

impl Kind {
    const fn new() -> Self {
        let [kept, repeats, opposites, far] = [const { Amount(AtomicU32::new(0)) }; 4];
        Self { kept, repeats, opposites, far }
    }

    /// Whether there was none of this kind yet.
    #[inline]
    fn is_new(&self) -> bool {
        self.kept.get() == 0 && !self.has_any()
    }

    /// Whether the nesting of two locks next to each other is kept.
    #[inline]
    fn keeps(&self, kinds: &Kinds, pair: Pair) -> bool {
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

    /// Counts a nesting of two locks next to each other that is kept.
    fn note(&self, kinds: &Kinds, pair: Pair) {
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

impl Local {
    /// Whether a nesting is surely left out, by what the thread has at hand. This takes neither memory nor much of the stack.
    #[cold]
    pub(super) fn leaves_out(&self, depth: u32, lock: Lock, tag: u64) -> bool {
        let nearest = if depth == 0 { ALONE } else { self.lock_at(depth as usize - 1) };
        let has_room = || !self.table.is_full() && self.runtime.nodes.has_room(depth);
        let Some(kind) = self.kind_at_hand(kind_key(nearest, lock)) else { return false };
        let pair = Pair::new(nearest.instance, lock.instance);
        if kind.is_new() || kind.keeps(&self.runtime.kinds, pair) && has_room() {
            return false;
        }
        for index in (0..depth.saturating_sub(1) as usize).rev().take(AROUND - 1) {
            let key = kind_key(self.lock_at(index), lock);
            let Some(kind) = self.kind_at_hand(key) else { return false };
            if kind.is_new() || kind.far.get() < FAR && has_room() {
                return false;
            }
        }
        !self.runtime.nodes.is_shared_by(self, tag)
    }

    /// Whether the nesting of a lock in the first `depth` held ones is kept, and out of which room; `tag` is the hash of the chain. If
    /// not, it is counted as lost.
    #[cold]
    pub(super) fn keeps(&self, depth: u32, lock: Lock, tag: u64) -> Option<Room> {
        let known = || self.runtime.nodes.is_shared_by(self, tag).then_some(Room::Ordinary);
        let room = self.room_for(depth, lock).or_else(known);
        if room.is_none() {
            self.lose();
        }
        room
    }

    fn room_for(&self, depth: u32, lock: Lock) -> Option<Room> {
        let nearest = if depth == 0 { ALONE } else { self.lock_at(depth as usize - 1) };
        let mut keeps = false;
        if let Some(kind) = self.kind(nearest, lock) {
            if kind.is_new() {
                return Some(Room::Beyond);
            }
            keeps = kind.keeps(&self.runtime.kinds, Pair::new(nearest.instance, lock.instance));
        }
        if depth > 1 {
            match self.keeps_far(depth, lock) {
                Some(Room::Beyond) => return Some(Room::Beyond),
                far => keeps |= far.is_some(),
            }
        }
        let has_room = || !self.table.is_full() && self.runtime.nodes.has_room(depth);
        (keeps && has_room()).then_some(Room::Ordinary)
    }

    /// Whether it is kept for the sake of one of the locks that are further out.
    fn keeps_far(&self, depth: u32, lock: Lock) -> Option<Room> {
        let mut keeps = false;
        for index in (0..depth as usize - 1).rev().take(AROUND - 1) {
            let Some(kind) = self.kind(self.lock_at(index), lock) else { continue };
            if kind.is_new() {
                return Some(Room::Beyond);
            }
            keeps |= kind.far.get() < FAR;
        }
        keeps.then_some(Room::Ordinary)
    }

    /// The nesting of a lock in the first `depth` held ones is kept.
    #[cold]
    pub(super) fn note_kept(&self, depth: u32, lock: Lock) {
        let around = (0..depth as usize).rev().take(AROUND).map(|index| self.lock_at(index));
        for (distance, held) in around.chain((depth == 0).then_some(ALONE)).enumerate() {
            let Some(kind) = self.kind(held, lock) else { continue };
            let pair = Pair::new(held.instance, lock.instance);
            if distance == 0 {
                kind.note(&self.runtime.kinds, pair);
            } else {
                kind.far.add_one();
            }
            self.runtime.kinds.remember(pair);
        }
    }

    /// A nesting is left out.
    #[cold]
    pub(super) fn lose(&self) {
        let lost = self.kinds.lost.get().wrapping_add(1);
        self.kinds.lost.set(lost);
        // The first one at once: a process may be killed.
        let told =
            if lost.is_multiple_of(TOLD_TOGETHER) { TOLD_TOGETHER } else { u32::from(lost == 1) };
        if told > 0 {
            self.runtime.file.count(header::LOST_NODES, told.into());
        }
    }

    /// The thread ends: tells of what was left out since it last did.
    #[cold]
    pub(super) fn tell_lost(&self) {
        let lost = self.kinds.lost.get();
        let told = u32::from((1..TOLD_TOGETHER).contains(&lost));
        self.runtime.file.count(header::LOST_NODES, (lost % TOLD_TOGETHER - told).into());
    }

    fn kind(&self, held: Lock, lock: Lock) -> Option<&'static Kind> {
        let key = kind_key(held, lock);
        if let Some(kind) = self.kind_at_hand(key) {
            return Some(kind);
        }
        let kind = self.runtime.kinds.find(key)?;
        self.kinds.place(key).set(Some((key, kind)));
        Some(kind)
    }

    #[inline]
    fn kind_at_hand(&self, key: u64) -> Option<&'static Kind> {
        self.kinds.place(key).get().filter(|(known, _)| *known == key).map(|(_, kind)| kind)
    }
}

/// What tells the kind of a lock in another.
#[inline]
fn kind_key(held: Lock, lock: Lock) -> u64 {
    let word = |lock: Lock| u64::from(lock.class) << 32 | u64::from(lock.site_access);
    (word(held).wrapping_mul(SPREAD).rotate_left(29) ^ word(lock)).wrapping_mul(SPREAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sampled(outer: u32, inner: u32, level: u32) -> bool {
        Pair::new(outer, inner).is_in_sample(level)
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
        // What is in a thin sample is in all denser ones.
        for (a, b) in (0..200).flat_map(|a| (0..200).map(move |b| (a, b))) {
            assert!(!sampled(a, b, 9) || (1..9).all(|level| sampled(a, b, level)));
        }
    }
}

// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! Which acquisitions of a thread are looked at, so that it is known how often and how long locks are held.
//!
//! A thread that acquires a few thousand times a second has all of them looked at, one that does so more often a random sample of them: after each
//! look the next one is drawn, at a distance that depends on chance alone and whose mean is a power of two. So each acquisition is as likely to be looked at
//! as any other, whatever pattern the locks have, and stands for as many as that power. The power is set anew after each look, by how fast
//! the acquisitions before have come.
//!
//! The common acquisitions are not touched by this: they go on until the ring has no room, and it is told that it has none for the
//! acquisition that is due. So is the release of a lock that is looked at: the flag that has it told to the race engine has it told here.

use crate::rt::shared::measures::Measure;
use std::cell::Cell;

/// Ticks between two looks, at least in the long run: some 0.2 ms. A look takes some 0.3 us.
const BETWEEN: u64 = 1 << 19;

/// A look stands for 2 to this power of acquisitions at most.
const LEVELS: u32 = 12;

/// The level that threads have in whose time looks do not count, but which acquire so often that the price of a lock does: a look takes about
/// as many instructions as four common acquisitions with their releases.
const FREQUENT: u32 = 9;

/// Locks that a thread holds and of which it is measured how long.
const OPEN: usize = 8;

/// Acquisitions until the next look that are never drawn.
pub(super) const FAR: u64 = 1 << 20;

/// What a thread keeps of it.
#[derive(Debug)]
pub(crate) struct Sampler {
    /// The acquisition that is looked at next, by the thread's own count.
    pub(super) next: Cell<u64>,
    /// A look stands for 2 to this power of acquisitions.
    level: Cell<u32>,
    /// The logarithm, inverted, of the chance that an acquisition is not looked at.
    scale: Cell<f64>,
    /// Acquisitions and clock at the last look.
    last: Cell<(u64, u64)>,
    random: Cell<u64>,
    open: [Cell<Option<Open>>; OPEN],
    opened: Cell<u32>,
    /// Releases are told for this alone.
    pub(super) tells: Cell<bool>,
    /// Who was in the way when the thread's present wait for a lock began.
    pub(crate) behind: Cell<Option<Behind>>,
}

/// Who holds a lock that a thread waits for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Behind {
    /// Its slot on the board.
    pub(crate) slot: u32,
    pub(crate) thread: u32,
    /// Site and access of its acquisition.
    pub(crate) holds: u32,
}

/// A lock that is held and of which it is measured how long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Open {
    pub(crate) instance: u32,
    pub(crate) level: u32,
    pub(crate) since: u64,
    pub(crate) measure: Measure,
}

impl Sampler {
    pub(crate) fn new(thread: u32) -> Self {
        Self {
            next: Cell::new(1),
            level: Cell::new(0),
            scale: Cell::new(0.0),
            last: Cell::new((0, 0)),
            random: Cell::new(u64::from(thread).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1),
            open: [const { Cell::new(None) }; OPEN],
            opened: Cell::new(0),
            tells: Cell::new(false),
            behind: Cell::new(None),
        }
    }

    /// Whether some lock is measured.
    #[inline]
    pub(crate) fn is_open(&self) -> bool {
        self.opened.get() > 0
    }

    /// Whether the last of so many acquisitions is to be looked at.
    #[inline]
    pub(crate) fn is_due(&self, acquisitions: u64) -> bool {
        acquisitions >= self.next.get()
    }

    /// It is looked at, now: draws the next one. Gives the level of this look.
    #[cold]
    pub(crate) fn draw(&self, acquisitions: u64, ticks: u64) -> u32 {
        let level = self.level.get();
        let (last, last_ticks) = self.last.replace((acquisitions, ticks));
        let wanted = wanted(acquisitions.wrapping_sub(last), ticks.saturating_sub(last_ticks));
        // By one at a time: what comes in bursts is not looked at too rarely after each.
        let next_level = match wanted {
            wanted if wanted > level => level + 1,
            wanted if wanted < level => level - 1,
            _ => level,
        };
        self.set_level(next_level);
        self.next.set(acquisitions + self.distance());
        level
    }

    /// Whether the last look is so long ago, for a thread that was fast, that it is slow by now.
    #[inline]
    pub(crate) fn is_stale(&self, ticks: u64) -> bool {
        self.level.get() > 0 && ticks.saturating_sub(self.last.get().1) > BETWEEN * 8
    }

    /// None is looked at now; draws the next one again where that is [stale](Self::is_stale): what was drawn knows nothing of the distance
    /// so far, so nothing is lost.
    #[cold]
    pub(crate) fn look_again(&self, acquisitions: u64, ticks: u64) {
        if self.is_stale(ticks) {
            let (last, last_ticks) = self.last.replace((acquisitions, ticks));
            let wanted = wanted(acquisitions.wrapping_sub(last), ticks.saturating_sub(last_ticks));
            self.set_level(wanted.min(self.level.get()));
            self.next.set(acquisitions + self.distance());
        }
    }

    fn set_level(&self, level: u32) {
        // At level 0 each is looked at: the logarithm of that chance has no value, and would set `errno`.
        if self.level.replace(level) != level && level > 0 {
            let chance = 1.0 / f64::from(1_u32 << level);
            self.scale.set(1.0 / (-chance).ln_1p());
        }
    }

    /// A distance whose mean is 2 to the power of the level, and that knows nothing of the distance so far: a geometric one.
    fn distance(&self) -> u64 {
        if self.level.get() == 0 {
            return 1;
        }
        let random = self.random.get();
        let random = random ^ random << 13;
        let random = random ^ random >> 7;
        let random = random ^ random << 17;
        self.random.set(random);
        // In (0, 1].
        let uniform = ((random >> 11) + 1) as f64 / (1_u64 << 53) as f64;
        1 + (uniform.ln() * self.scale.get()) as u64
    }

    /// A lock is measured from now on, unless there are too many.
    #[cold]
    pub(crate) fn open(&self, open: Open) {
        let opened = self.opened.get() as usize;
        if let Some(place) = self.open.get(opened) {
            place.set(Some(open));
            self.opened.set(opened as u32 + 1);
        }
    }

    /// Whether no more locks can be measured just now.
    pub(crate) fn is_full(&self) -> bool {
        self.opened.get() as usize >= OPEN
    }

    /// Ends the measurement of this lock that was begun last, if there is one.
    #[cold]
    pub(crate) fn close(&self, instance: u32) -> Option<Open> {
        let opened = (self.opened.get() as usize).min(OPEN);
        let is_it = |index: &usize| self.open[*index].get().is_some_and(|o| o.instance == instance);
        let index = (0..opened).rev().find(is_it)?;
        let closed = self.open[index].take();
        (index + 1..opened).for_each(|above| self.open[above].swap(&self.open[above - 1]));
        self.opened.set(opened as u32 - 1);
        closed
    }

    /// Forgets the locks that are not among those that are held.
    #[cold]
    pub(crate) fn forget(&self, is_held: impl Fn(u32) -> bool) {
        let mut kept = 0;
        for index in 0..(self.opened.get() as usize).min(OPEN) {
            let open = self.open[index].take();
            if open.is_some_and(|open| is_held(open.instance)) {
                self.open[kept].set(open);
                kept += 1;
            }
        }
        self.opened.set(kept as u32);
    }
}

/// The level for acquisitions that come so many in so many ticks: looks come as often as they may, and from some 100,000 acquisitions a
/// second on they take a part of the price of a lock that is small.
fn wanted(acquisitions: u64, ticks: u64) -> u32 {
    let between = acquisitions.clamp(1, FAR) * BETWEEN / ticks.max(1);
    let level = between.max(1).ilog2();
    (level * 2).min(level.max(FREQUENT)).min(LEVELS)
}

#[cfg(test)]
mod tests;

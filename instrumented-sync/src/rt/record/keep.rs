//! Which nestings are kept: see [`kinds`](crate::rt::shared::kinds).

use crate::rt::object::lock::Lock;
use crate::rt::shared::kinds::{FAR, Kind, Pair, SPREAD};
use crate::rt::shared::nodes::{OWN_NODES, Room};
use crate::rt::thread::local::Local;
use syncscope_recording::layout::header;

/// So many of the locks held around a requested one are asked for their kind.
const AROUND: usize = 16;
/// Nestings that a thread leaves out before it tells how many.
const TOLD_TOGETHER: u32 = 1024;

/// In the place of the lock around one that is held alone.
const ALONE: Lock = Lock { instance: 0, class: 0, site_access: 0 };

impl Local {
    /// Whether a nesting is surely left out, by what the thread has at hand. This takes neither memory nor much of the stack.
    #[inline(always)]
    pub(crate) fn leaves_out(&self, depth: u32, lock: Lock, tag: u64) -> bool {
        let nearest = if depth == 0 { ALONE } else { self.lock_at(depth as usize - 1) };
        let Some(kind) = self.kind_at_hand(kind_key(nearest, lock)) else { return false };
        let pair = Pair::new(nearest.instance, lock.instance);
        if kind.keeps(&self.runtime.kinds, pair) && (kind.is_new() || self.has_room(depth))
            || depth > 1 && !self.leaves_out_far(depth, lock)
        {
            return false;
        }
        !self.runtime.nodes.is_shared_by(self.number, tag)
    }

    /// Whether the lock of the second entry, which has been begun and is of this class, is surely left out, and the thread has surely not been
    /// through its nesting in the first one. Then it is counted as lost.
    #[inline(always)]
    pub(crate) fn leaves_out_second(&self, class: u32) -> bool {
        let word = self.word_at(1);
        let lock = Lock { instance: word as u32, class, site_access: (word >> 32) as u32 };
        let lost = self.kinds.lost.get().wrapping_add(1);
        // Threads that share nodes may keep what others leave out.
        if self.table.filter.may_have(self.chain_at(2)) || self.number > OWN_NODES || is_told(lost)
        {
            return false;
        }
        let held = self.lock_at(0);
        let Some(kind) = self.kind_at_hand(kind_key(held, lock)) else { return false };
        let pair = Pair::new(held.instance, lock.instance);
        let is_left_out = kind.leaves_out(&self.runtime.kinds, pair);
        if is_left_out {
            self.kinds.lost.set(lost);
        }
        is_left_out
    }

    /// As [`Self::leaves_out`], for the sake of the locks that are further out.
    #[cold]
    fn leaves_out_far(&self, depth: u32, lock: Lock) -> bool {
        for index in (0..depth as usize - 1).rev().take(AROUND - 1) {
            let key = kind_key(self.lock_at(index), lock);
            let Some(kind) = self.kind_at_hand(key) else { return false };
            if kind.is_new() || kind.far.get() < FAR && self.has_room(depth) {
                return false;
            }
        }
        true
    }

    /// Whether an ordinary nesting inside of so many locks can be kept.
    #[cold]
    fn has_room(&self, depth: u32) -> bool {
        !self.table.is_full() && self.runtime.nodes.has_room(depth)
    }

    /// Whether the nesting of a lock in the first `depth` held ones is kept, and out of which room; `tag` is the hash of the chain. If
    /// not, it is counted as lost.
    #[cold]
    pub(crate) fn keeps(&self, depth: u32, lock: Lock, tag: u64) -> Option<Room> {
        let known = || self.runtime.nodes.is_shared_by(self.number, tag).then_some(Room::Ordinary);
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
        (keeps && self.has_room(depth)).then_some(Room::Ordinary)
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
    pub(crate) fn note_kept(&self, depth: u32, lock: Lock) {
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
    #[inline(always)]
    pub(crate) fn lose(&self) {
        let lost = self.kinds.lost.get().wrapping_add(1);
        self.kinds.lost.set(lost);
        if is_told(lost) {
            self.tell_some_lost(lost);
        }
    }

    #[cold]
    fn tell_some_lost(&self, lost: u32) {
        if lost > 1 {
            self.table.look_last();
        }
        let told =
            if lost.is_multiple_of(TOLD_TOGETHER) { TOLD_TOGETHER } else { u32::from(lost == 1) };
        self.runtime.file.count(header::LOST_NODES, told.into());
    }

    /// The thread ends: tells of what was left out since it last did.
    #[cold]
    pub(crate) fn tell_lost(&self) {
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
        self.kinds.set(key, kind);
        Some(kind)
    }

    #[inline]
    fn kind_at_hand(&self, key: u64) -> Option<&'static Kind> {
        self.kinds.get(key)
    }
}

/// Whether it is told now that so many were left out: the first one at once, since a process may be killed.
#[inline(always)]
fn is_told(lost: u32) -> bool {
    lost % TOLD_TOGETHER <= 1
}

/// What tells the kind of a lock in another.
#[inline]
fn kind_key(held: Lock, lock: Lock) -> u64 {
    let word = |lock: Lock| u64::from(lock.class) << 32 | u64::from(lock.site_access);
    (word(held).wrapping_mul(SPREAD).rotate_left(29) ^ word(lock)).wrapping_mul(SPREAD)
}

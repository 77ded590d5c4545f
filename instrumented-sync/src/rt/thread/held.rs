// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! The held stack: what this thread holds, oldest first.
//!
//! It has two halves. The public one lies on the board (and so in the recording) and tells others which locks are held,
//! how, where and since when. The private one has the chain (see [`chain`]) up to each lock, from the second on; the first
//! one's is computed when it is needed, since most outermost locks are released before anything is taken inside them.

use super::chain::{self, DEEPEST};
use super::local::Local;
use super::out_of_order;
use crate::rt::machine::room;
use crate::rt::object::lock::Lock;
use crate::rt::shared::board::Slot;
use crate::rt::shared::overflow::Overflow;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use syncscope_recording::layout::{access, held, slot};

/// One acquisition more.
const ACQUISITION: u64 = 1 << slot::STATE_ACQUISITIONS;

/// One acquisition more, and one lock held more.
const PUSH: u64 = ACQUISITION + 1;

/// Depth and flags of a state, but for the one that does not matter when a lock is released.
const BELOW_ACQUISITIONS: usize = (ACQUISITION as usize - 1) & !(slot::STATE_IN_JOB as usize);

impl Local {
    /// Locks held. The state lies in the recording, where others may write by accident: never more than there are entries for.
    #[inline]
    pub(crate) fn depth(&self) -> u32 {
        let depth = u32::from(self.state() as u16);
        if depth > self.capacity.get() { self.forget_held() } else { depth }
    }

    /// Somebody has written to the state. What the thread holds is not known any more; as nothing it costs nothing.
    #[cold]
    fn forget_held(&self) -> u32 {
        self.set_state(self.state() & !u64::from(u16::MAX));
        0
    }

    /// Some locks, of those held, are held no more.
    pub(crate) fn lower(&self, locks: usize) {
        let state = self.state();
        // Never below zero, see `depth`.
        self.set_state(state - (state & u64::from(u16::MAX)).min(locks as u64));
    }

    /// The word of what this thread holds and has acquired, see [`slot::STATE`].
    #[inline]
    pub(crate) fn state(&self) -> u64 {
        // Relaxed: written by this thread only.
        self.slot.u64(slot::STATE).load(Ordering::Relaxed)
    }

    #[inline]
    pub(crate) fn set_state(&self, state: u64) {
        // Release: pairs with the Acquire in `Slot::depth`: who finds a lock held finds its entry. And the lock is let go only
        // after it was taken off, so who gets it next finds that we do not hold it.
        self.slot.u64(slot::STATE).store(state, Ordering::Release);
    }

    /// Acquisitions so far.
    #[inline]
    pub(crate) fn acquisitions(&self) -> u64 {
        self.state() >> slot::STATE_ACQUISITIONS
    }

    /// Hash of the chain of the first `depth` held locks with this one.
    #[inline(always)]
    pub(crate) fn chain_with(&self, depth: u32, lock: u64) -> u64 {
        match depth {
            0 => chain::outermost(lock),
            depth => chain::mix(self.chain_at(depth), lock),
        }
    }

    /// Hash of the chain of the first `depth` held locks, which are not more than the capacity: at least one, and of those that are recorded.
    #[inline(always)]
    pub(crate) fn chain_at(&self, depth: u32) -> u64 {
        let newest = (depth as usize).wrapping_sub(1);
        match newest {
            0 => chain::outermost(self.word_at(0)),
            // SAFETY: there is a chain for every lock below the capacity that is recorded; only this thread uses them.
            1..DEEPEST => unsafe { *self.chains.get().add(newest) },
            _ => chain::NONE,
        }
    }

    /// Pushes a lock that was just acquired, and counts the acquisition; `chain` is that of all held locks with this one.
    #[inline]
    pub(crate) fn push(&self, lock: u64, class: u32, ticks: u64, chain: u64) {
        let depth = self.depth();
        if depth == self.capacity.get() && !grow(self) {
            self.gaps.take_unlisted(lock as u32);
            return self.set_state(self.state().wrapping_add(ACQUISITION));
        }
        // SAFETY: the capacity is larger than the depth.
        unsafe {
            put_lock(self.entry_place(depth as usize), lock);
            put_since(self.entry_place(depth as usize), class, ticks);
        }
        if (depth as usize) < DEEPEST {
            self.set_chain(depth, chain);
        }
        if self.gaps.know_places() {
            self.gaps.note_place(lock as u32, depth);
        }
        self.set_state(self.state().wrapping_add(PUSH));
    }

    /// As [`Self::push`], of a lock that was acquired before, and is counted there.
    #[cold]
    pub(crate) fn push_handed(&self, lock: u64, class: u32, ticks: u64) {
        self.push(lock, class, ticks, self.chain_with(self.depth(), lock));
        self.set_state(self.state().wrapping_sub(ACQUISITION));
    }

    /// Since when the lock at `index`, which is below the depth, is held, in ticks without their low bits.
    #[cold]
    pub(crate) fn held_since(&self, index: usize) -> u64 {
        // SAFETY: as in `word_at`. Relaxed: written by this thread.
        let ticks_class = unsafe {
            AtomicU64::from_ptr(self.entry_place(index).add(held::TICKS_CLASS).cast())
                .load(Ordering::Relaxed)
        };
        ticks_class << 16 >> 8
    }

    /// Takes the thread out of the state in which it was marked as busy, with one lock more.
    #[inline(always)]
    pub(crate) fn leave_pushed(&self, state: u64) {
        self.leave_hot(state.wrapping_add(PUSH));
    }

    /// Writes the lock of an entry of the slot; nobody looks at it before the state tells of it.
    #[inline(always)]
    pub(crate) fn put_lock(&self, index: u32, lock: u64) {
        // SAFETY: see `place_in_slot`.
        unsafe { put_lock(self.place_in_slot(index), lock) };
    }

    /// Writes the rest of it.
    #[inline(always)]
    pub(crate) fn put_since(&self, index: u32, class: u32, ticks: u64) {
        // SAFETY: see `place_in_slot`.
        unsafe { put_since(self.place_in_slot(index), class, ticks) };
    }

    /// An entry of which there is one in the slot.
    #[inline(always)]
    fn place_in_slot(&self, index: u32) -> *mut u8 {
        debug_assert!(index < slot::HELD_INLINE as u32);
        // SAFETY: one of the entries in the slot.
        unsafe { self.slot.held_start().add(index as usize * held::SIZE) }
    }

    /// Remembers the chain of all locks up to the one at `index`, which is below the capacity and one of those that are recorded.
    #[inline(always)]
    pub(crate) fn set_chain(&self, index: u32, chain: u64) {
        // SAFETY: there is a chain for every lock below the capacity; only this thread uses them.
        unsafe { *self.chains.get().add(index as usize) = chain };
    }

    /// The locks that the thread holds, outermost first.
    pub(crate) fn locks_held(&self) -> impl Iterator<Item = Lock> + '_ {
        let is_held = |index: &usize| self.access_at(*index) & access::GONE == 0;
        (0..self.depth() as usize).filter(is_held).map(|index| self.lock_at(index))
    }

    /// The lock at `index`, which is below the depth.
    #[inline]
    pub(crate) fn lock_at(&self, index: usize) -> Lock {
        let word = self.word_at(index);
        // SAFETY: as in `word_at`. Relaxed: written by this thread.
        let ticks_class = unsafe {
            AtomicU64::from_ptr(self.entry_place(index).add(held::TICKS_CLASS).cast())
                .load(Ordering::Relaxed)
        };
        // A class that does not fit is unknown here, and so is the node's.
        let class = (ticks_class >> 48) as u32;
        let class = if class == 0xFFFF { 0 } else { class };
        Lock { instance: word as u32, class, site_access: (word >> 32) as u32 }
    }

    /// Whether a release of this lock is told by the depth of the next event: it was taken last, and not too far inside.
    #[inline]
    pub(crate) fn is_told_by_depth(&self, instance: u32) -> bool {
        let top = self.depth().wrapping_sub(1) as usize;
        top < slot::HELD_INLINE && self.instance_at(top) == instance
    }

    /// Pops a lock that is about to be released. `false` when this thread does not hold it as far as it knows: taken
    /// inside a hook, by a signal handler, or before a fork.
    #[inline]
    pub(crate) fn pop(&self, instance: u32, access: u8) -> bool {
        let Some(top) = self.depth().checked_sub(1) else { return false };
        if self.instance_at(top as usize) != instance {
            return out_of_order::remove(self, instance, access);
        }
        self.lower(1);
        if self.gaps.are_there() {
            out_of_order::tidy(self);
        }
        true
    }

    /// Instance of the entry at `index`, which is below the depth.
    #[inline]
    pub(crate) fn instance_at(&self, index: usize) -> u32 {
        self.word_at(index) as u32
    }

    /// Access of the entry at `index`, which is below the depth.
    pub(crate) fn access_at(&self, index: usize) -> u8 {
        (self.word_at(index) >> 56) as u8
    }

    /// Instance, site and access of the entry at `index`, which is below the depth.
    #[inline]
    pub(crate) fn word_at(&self, index: usize) -> u64 {
        // SAFETY: as in `put_lock`. Relaxed: written by this thread.
        unsafe {
            AtomicU64::from_ptr(self.entry_place(index).add(held::INSTANCE).cast())
                .load(Ordering::Relaxed)
        }
    }

    /// Whether this thread holds `instance`, and how.
    pub(crate) fn holds(&self, instance: u32) -> Option<u8> {
        (0..self.depth() as usize)
            .rev()
            .find(|index| self.instance_at(*index) == instance)
            .map(|index| self.access_at(index))
    }

    #[inline]
    pub(crate) fn entry_place(&self, index: usize) -> *mut u8 {
        if index < slot::HELD_INLINE {
            // SAFETY: one of the entries in the slot.
            unsafe { self.slot.held_start().add(index * held::SIZE) }
        } else {
            // SAFETY: callers stay below the capacity, for which the overflow was made.
            unsafe { self.overflow.get().add((index - slot::HELD_INLINE) * held::SIZE) }
        }
    }
}

impl Slot {
    /// Takes off the lock taken last if it is this one, the thread is free, and the entry is in the slot.
    #[inline(always)]
    pub(crate) fn pop_newest(self, instance: u32) -> bool {
        // Relaxed: written by this thread.
        let state = self.u64(slot::STATE).load(Ordering::Relaxed);
        // Without a lock this wraps, and with a flag it is too large.
        let top = (state as usize & BELOW_ACQUISITIONS).wrapping_sub(1);
        if top >= slot::HELD_INLINE {
            return false;
        }
        // SAFETY: one of the entries in the slot. Relaxed: written by this thread.
        let newest = unsafe {
            let place = self.held_start().add(top * held::SIZE);
            AtomicU32::from_ptr(place.add(held::INSTANCE).cast()).load(Ordering::Relaxed)
        };
        if newest != instance {
            return false;
        }
        // Release: see `Local::set_state`.
        self.u64(slot::STATE).store(state - 1, Ordering::Release);
        true
    }
}

/// Writes the lock of an entry.
///
/// # Safety
///
/// `place` is an entry of the thread's own stack: inside the slot or the overflow chunk, aligned, mapped for ever, accessed by
/// atomics only.
#[inline(always)]
unsafe fn put_lock(place: *mut u8, lock: u64) {
    // SAFETY: by contract.
    // Release: pairs with the Acquire in `board::read_entry`: who finds this lock in an entry that it knows from before finds
    // that the waits before are over.
    unsafe { AtomicU64::from_ptr(place.add(held::INSTANCE).cast()).store(lock, Ordering::Release) };
}

/// Writes the class of an entry, and since when it is held.
///
/// # Safety
///
/// As [`put_lock`].
#[inline(always)]
unsafe fn put_since(place: *mut u8, class: u32, ticks: u64) {
    // The class above 48 bits of the time, made so that no mask takes a register.
    let since = (ticks << 8 & !0xFFFF | u64::from(class.min(0xFFFF))).rotate_right(16);
    // SAFETY: by contract. Relaxed: published by the depth.
    unsafe {
        AtomicU64::from_ptr(place.add(held::TICKS_CLASS).cast()).store(since, Ordering::Relaxed);
    }
}

/// Locks that a held stack has room for, at most.
const MOST: usize = u16::MAX as usize;

/// What a held stack grows to at first: with the header of its chunk a page.
const GROWN: usize = 256;

/// Makes both halves larger. `false` when there is no room: the lock is then not known as held.
#[cold]
fn grow(local: &Local) -> bool {
    room::with_room(|| grow_now(local)).unwrap_or(false)
}

#[cold]
fn grow_now(local: &Local) -> bool {
    let old = local.capacity.get() as usize;
    let new = (old * 4).clamp(GROWN, MOST);
    if new <= old {
        return false;
    }
    let runtime = local.runtime;
    let wanted = new - slot::HELD_INLINE;
    let Some(fresh) = runtime.overflows.take(&runtime.file, local.number, wanted) else {
        return false;
    };
    let chains = new_chains(new);
    // SAFETY: the old halves hold `old` entries (the overflow those beyond the slot's), the new ones more; they do not overlap.
    unsafe {
        copy_entries(local.overflow.get(), fresh, old.saturating_sub(slot::HELD_INLINE));
        std::ptr::copy_nonoverlapping(local.chains.get(), chains, recorded(old));
        free(local.chains.get(), old);
    }
    local.chains.set(chains);
    local.overflow.set(fresh.start().as_ptr());
    local.capacity.set(new as u32);
    let old = local.slot.set_overflow(Some(fresh));
    // Release: who finds the chunk in the file finds the entries in it.
    local.slot.u64(slot::HELD_CHUNK).store(fresh.offset(), Ordering::Release);
    if let Some(old) = old {
        runtime.overflows.give_back(old);
    }
    true
}

/// Copies entries of the thread's own stack into new room for them.
///
/// # Safety
///
/// There are so many entries at `from`, mapped for ever and accessed by atomics only.
#[cold]
unsafe fn copy_entries(from: *mut u8, to: &Overflow, entries: usize) {
    const WORDS: usize = held::SIZE / 8;
    debug_assert!(entries <= to.entries());
    let to = to.start().cast::<u64>().as_ptr();
    for word in 0..entries * WORDS {
        // SAFETY: by contract, and there is room for as many. Relaxed: published by the pointer to the new room.
        unsafe {
            let value = AtomicU64::from_ptr(from.cast::<u64>().add(word)).load(Ordering::Relaxed);
            AtomicU64::from_ptr(to.add(word)).store(value, Ordering::Relaxed);
        }
    }
}

/// How many of the locks below a capacity have a chain.
const fn recorded(capacity: usize) -> usize {
    if capacity < DEEPEST { capacity } else { DEEPEST }
}

/// A private half for `capacity` locks.
#[cold]
pub(crate) fn new_chains(capacity: usize) -> *mut u64 {
    Box::<[u64]>::into_raw(vec![0; recorded(capacity)].into_boxed_slice()).cast()
}

/// Frees a private half.
///
/// # Safety
///
/// Made by `new_chains` with this capacity, and not used any more.
#[cold]
unsafe fn free(chains: *mut u64, capacity: usize) {
    // SAFETY: by contract.
    drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(chains, recorded(capacity))) });
}

/// Frees the private half of a thread that has ended.
#[cold]
pub(crate) fn free_chains(local: &Local) {
    // SAFETY: made by `new_chains` with this capacity; the thread has ended.
    unsafe { free(local.chains.get(), local.capacity.get() as usize) };
}

/// Clears the public half, and gives away the part of it that lies outside the slot, which is used again when nobody finds it here
/// any more.
#[cold]
pub(crate) fn clear(slot: Slot) -> Option<&'static Overflow> {
    // Release: as in `set_state`.
    slot.u64(slot::STATE).store(0, Ordering::Release);
    slot.u64(slot::HELD_CHUNK).store(0, Ordering::Release);
    slot.set_overflow(None)
}

// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! The held stack: what this thread holds, oldest first.
//!
//! It has two halves. The public one lies on the board (and so in the recording) and tells others which locks are held,
//! how, where and since when. The private one holds what only the thread itself needs to go back when it pops.

use super::board::Slot;
use super::chain;
use super::local::Local;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use syncscope_recording::layout::{access, chunk, chunk_kind, held, slot};

/// Private half of an entry.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub(super) struct Frame {
    /// The chain of the locks below this one. The frame above the newest lock holds the chain of all of them.
    pub(super) below: u64,
    /// Chain node + 1 of this lock in this chain, 0 while it has none.
    pub(super) node: u32,
    pub(super) class: u32,
}

/// Public half of an entry, as it is pushed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) instance: u32,
    pub(super) site_access: u32,
    pub(super) class: u32,
    pub(super) node: u32,
    pub(super) ticks: u64,
}

impl Local {
    /// Locks held.
    #[inline]
    pub(super) fn depth(&self) -> u32 {
        // Relaxed: written by this thread only.
        self.slot.u32(slot::DEPTH).load(Ordering::Relaxed)
    }

    /// Hash of the chain of held locks; [`super::chain::ROOT`] when nothing is held.
    #[inline]
    pub(super) fn chain(&self) -> u64 {
        self.frame(self.depth() as usize).below
    }

    /// The frame at `index`, at most the depth.
    #[inline]
    pub(super) fn frame(&self, index: usize) -> Frame {
        // SAFETY: there is one frame more than the capacity, all initialised; only this thread uses them.
        unsafe { *self.frames.get().add(index) }
    }

    /// Remembers the node of a held lock.
    #[cold]
    pub(super) fn set_node(&self, index: usize, node: u32) {
        // SAFETY: as in `frame`.
        unsafe { (*self.frames.get().add(index)).node = node };
    }

    /// Pushes a lock that was just acquired; `chain` is that of all held locks with this one.
    #[inline(always)]
    pub(super) fn push(&self, entry: Entry, chain: u64) {
        let depth = self.depth();
        if depth == self.capacity.get() && !grow(self) {
            return;
        }
        let place = self.entry_place(depth as usize);
        // SAFETY: the place is an entry inside the slot or the overflow chunk: aligned, mapped for ever, atomics only. There is a
        // frame more than the capacity, so the frame above exists.
        unsafe {
            // Relaxed: published by the depth below.
            let lock = u64::from(entry.instance) | u64::from(entry.site_access) << 32;
            AtomicU64::from_ptr(place.add(held::INSTANCE).cast()).store(lock, Ordering::Relaxed);
            let ticks_class =
                (entry.ticks >> 8 & 0xFFFF_FFFF_FFFF) | u64::from(entry.class.min(0xFFFF)) << 48;
            AtomicU64::from_ptr(place.add(held::TICKS_CLASS).cast())
                .store(ticks_class, Ordering::Relaxed);
            let frame = self.frames.get().add(depth as usize);
            (*frame).node = entry.node;
            (*frame).class = entry.class;
            (*frame.add(1)).below = chain;
        }
        // Release: pairs with the Acquire in `Slot::held`.
        self.slot.u32(slot::DEPTH).store(depth + 1, Ordering::Release);
    }

    /// Pops a lock that is about to be released. `false` when this thread does not hold it as far as it knows: taken
    /// inside a hook, by a signal handler, or before a fork.
    #[inline]
    pub(super) fn pop(&self, instance: u32, access: u8) -> bool {
        let Some(top) = self.depth().checked_sub(1) else { return false };
        if self.instance_at(top as usize) != instance {
            return remove(self, instance, access);
        }
        // Release: the lock is let go only after this, so who gets it next finds that we do not hold it.
        self.slot.u32(slot::DEPTH).store(top, Ordering::Release);
        true
    }

    /// Instance of the entry at `index`, which is below the depth.
    #[inline]
    pub(super) fn instance_at(&self, index: usize) -> u32 {
        // SAFETY: as in `push`. Relaxed: written by this thread.
        unsafe {
            AtomicU32::from_ptr(self.entry_place(index).add(held::INSTANCE).cast())
                .load(Ordering::Relaxed)
        }
    }

    /// Site and access of the entry at `index`, which is below the depth.
    pub(super) fn site_access_at(&self, index: usize) -> u32 {
        // SAFETY: as in `push`. Relaxed: written by this thread.
        unsafe {
            AtomicU32::from_ptr(self.entry_place(index).add(held::SITE_ACCESS).cast())
                .load(Ordering::Relaxed)
        }
    }

    /// Whether this thread holds `instance`, and how.
    pub(super) fn holds(&self, instance: u32) -> Option<u8> {
        (0..self.depth() as usize)
            .rev()
            .find(|index| self.instance_at(*index) == instance)
            .map(|index| (self.site_access_at(index) >> 24) as u8)
    }

    #[inline]
    fn entry_place(&self, index: usize) -> *mut u8 {
        if index < slot::HELD_INLINE {
            // SAFETY: one of the entries in the slot.
            unsafe { self.slot.held_start().add(index * held::SIZE) }
        } else {
            // SAFETY: callers stay below the capacity, for which the overflow was made.
            unsafe { self.overflow.get().add((index - slot::HELD_INLINE) * held::SIZE) }
        }
    }
}

/// Takes out an entry that is not the newest: guards dropped out of order. The locks above it stay held, but in a chain
/// in which they were never *requested*; so there they count as held and add no edge, like a `try_lock`.
#[cold]
fn remove(local: &Local, instance: u32, wanted: u8) -> bool {
    let depth = local.depth() as usize;
    // A thread may hold an RwLock twice as a reader, never once as a reader and once as a writer.
    let shared = |index: usize| {
        (local.site_access_at(index) >> 24) as u8 & access::SHARED == wanted & access::SHARED
    };
    let Some(at) =
        (0..depth).rev().find(|index| local.instance_at(*index) == instance && shared(*index))
    else {
        return false;
    };
    // SAFETY: all indices are below the depth, and there is a frame above it; entries and frames were written by `push`, and the
    // thread is inside a hook, so nothing else changes them.
    unsafe {
        let frames = local.frames.get();
        let mut chain = (*frames.add(at)).below;
        for index in at..depth - 1 {
            let (to, from) = (local.entry_place(index), local.entry_place(index + 1));
            for word in 0..held::SIZE / 8 {
                let value = AtomicU64::from_ptr(from.add(word * 8).cast()).load(Ordering::Relaxed);
                AtomicU64::from_ptr(to.add(word * 8).cast()).store(value, Ordering::Relaxed);
            }
            // What the lock added to its old chain, it adds to the new one, marked.
            let operand =
                chain::unmix((*frames.add(index + 1)).below, (*frames.add(index + 2)).below);
            *frames.add(index) =
                Frame { below: chain, node: 0, class: (*frames.add(index + 1)).class };
            chain = chain::mix(chain, operand | chain::DERIVED);
        }
        (*frames.add(depth - 1)).below = chain;
    }
    // Release: as in `pop`.
    local.slot.u32(slot::DEPTH).store(depth as u32 - 1, Ordering::Release);
    true
}

/// Doubles both halves. `false` when there is no room: the lock is then not known as held.
#[cold]
fn grow(local: &Local) -> bool {
    let old = local.capacity.get() as usize;
    let new = (old * 2).max(64);
    let file = &local.runtime.file;
    let bytes = chunk::PAYLOAD + (new - slot::HELD_INLINE) * held::SIZE;
    let Some(chunk) = file.chunk(chunk_kind::HELD, local.number, 0, bytes) else { return false };
    // SAFETY: the payload is inside the chunk.
    let start = unsafe { chunk.as_ptr().add(chunk::PAYLOAD) };
    let frames = new_frames(new);
    // SAFETY: the old halves hold `old` entries (the overflow those beyond the slot's), the new ones more; they do not overlap.
    unsafe {
        let beyond = old.saturating_sub(slot::HELD_INLINE);
        if beyond > 0 {
            std::ptr::copy_nonoverlapping(local.overflow.get(), start, beyond * held::SIZE);
        }
        std::ptr::copy_nonoverlapping(local.frames.get(), frames, old + 1);
        drop(Box::from_raw(std::ptr::slice_from_raw_parts_mut(local.frames.get(), old + 1)));
    }
    local.frames.set(frames);
    local.overflow.set(start);
    local.capacity.set(new as u32);
    // Release: who sees the larger depth later finds the entries through this pointer.
    local.slot.u64(slot::HELD_POINTER).store(start as u64, Ordering::Release);
    local.slot.u64(slot::HELD_CHUNK).store(chunk.offset(), Ordering::Release);
    true
}

/// A private half for `capacity` locks: one frame more, for the chain of all of them.
#[cold]
pub(super) fn new_frames(capacity: usize) -> *mut Frame {
    let empty = Frame { below: chain::ROOT, ..Frame::default() };
    Box::into_raw(vec![empty; capacity + 1].into_boxed_slice()).cast()
}

/// Frees the private half of a thread that has ended.
#[cold]
pub(super) fn free_frames(local: &Local) {
    let frames =
        std::ptr::slice_from_raw_parts_mut(local.frames.get(), local.capacity.get() as usize + 1);
    // SAFETY: made by `new_frames` with this capacity; the thread has ended.
    drop(unsafe { Box::from_raw(frames) });
}

/// Clears the public half.
#[cold]
pub(super) fn clear(slot: Slot) {
    // Release: as in `pop`.
    slot.u32(slot::DEPTH).store(0, Ordering::Release);
    slot.u64(slot::HELD_POINTER).store(0, Ordering::Release);
    slot.u64(slot::HELD_CHUNK).store(0, Ordering::Release);
}

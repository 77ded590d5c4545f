//! What threads know of each other: times by slot, as vectors in blocks of the check's own.

use super::pool::{Stash, room};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering};

/// A vector of times, which several may share and nobody changes any more.
#[derive(Debug)]
#[repr(C)]
struct Vector {
    shares: AtomicU32,
    len: u32,
    /// Its times follow in the same block.
    times: [u64; 0],
}

/// What a thread knew at a moment: a share of a vector.
#[derive(Debug)]
pub(crate) struct Known(NonNull<Vector>);

// SAFETY: the vector is not changed while it is shared, and its count is atomic.
unsafe impl Send for Known {}
// SAFETY: as above.
unsafe impl Sync for Known {}

/// Bytes of a vector.
const fn bytes(len: usize) -> usize {
    size_of::<Vector>() + len * size_of::<u64>()
}

impl Known {
    /// A copy of these times.
    pub(super) fn new(stash: &Stash, times: &[u64]) -> Option<Self> {
        let block = stash.take(bytes(times.len()))?.cast::<Vector>();
        // SAFETY: the block is aligned to 64 bytes, large enough for both, and nobody else has it.
        unsafe {
            block.write(Vector { shares: AtomicU32::new(1), len: times.len() as u32, times: [] });
            let to = (&raw mut (*block.as_ptr()).times).cast::<u64>();
            to.copy_from_nonoverlapping(times.as_ptr(), times.len());
        }
        Some(Self(block))
    }

    /// By slot; those of later slots are 0.
    #[inline]
    pub(super) fn times(&self) -> &[u64] {
        // SAFETY: `self` has a share, so the vector is alive; it was filled when it was made.
        unsafe {
            let vector = self.0.as_ref();
            std::slice::from_raw_parts(vector.times.as_ptr(), vector.len as usize)
        }
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    /// Room for so many, nobody else having a share; in place, if it was large enough and nobody else has one.
    fn times_mut(&mut self, len: usize) -> Option<&mut [u64]> {
        // SAFETY: `self` has a share, so the vector is alive.
        let (shares, own) = unsafe { (&self.0.as_ref().shares, self.0.as_ref().len as usize) };
        // Acquire: pairs with the Release of whoever gave the last other share up, after having read.
        if shares.load(Ordering::Acquire) != 1 || bytes(len) > room(bytes(own)) {
            return None;
        }
        // SAFETY: nobody else has a share, and nobody gets one meanwhile; the block has room for so many, and what is new is cleared.
        unsafe {
            let times = (&raw mut (*self.0.as_ptr()).times).cast::<u64>();
            if len > own {
                times.add(own).write_bytes(0, len - own);
                (*self.0.as_ptr()).len = len as u32;
            }
            Some(std::slice::from_raw_parts_mut(times, len.max(own)))
        }
    }

    /// Both, as one.
    pub(super) fn joined(&self, stash: &Stash, other: &Self) -> Option<Self> {
        let (long, short) =
            if self.times().len() >= other.times().len() { (self, other) } else { (other, self) };
        let joined = Self::new(stash, long.times())?;
        // SAFETY: just made, with a share that nobody else has yet; as long as `long`.
        let times = unsafe {
            let at = (&raw mut (*joined.0.as_ptr()).times).cast::<u64>();
            std::slice::from_raw_parts_mut(at, short.times().len())
        };
        for (own, theirs) in times.iter_mut().zip(short.times()) {
            *own = (*own).max(*theirs);
        }
        Some(joined)
    }

    /// Gives the share up, for a thread with a stash.
    pub(super) fn give_up(self, stash: &Stash) {
        self.release(|block, bytes| {
            // SAFETY: the last share is gone.
            unsafe { stash.give(block, bytes) }
        });
    }

    fn release(self, give: impl FnOnce(NonNull<u8>, usize)) {
        let vector = self.0;
        std::mem::forget(self);
        // SAFETY: the share that is given up here keeps it alive until the count is lowered.
        let (shares, len) = unsafe { (&vector.as_ref().shares, vector.as_ref().len as usize) };
        // Release, and Acquire for the last: all uses of the vector come before it is given back.
        if shares.fetch_sub(1, Ordering::Release) == 1 {
            std::sync::atomic::fence(Ordering::Acquire);
            give(vector.cast(), bytes(len));
        }
    }
}

impl Clone for Known {
    fn clone(&self) -> Self {
        // Relaxed: whoever clones has a share.
        // SAFETY: `self` has a share, so the vector is alive.
        unsafe { self.0.as_ref() }.shares.fetch_add(1, Ordering::Relaxed);
        Self(self.0)
    }
}

impl Drop for Known {
    fn drop(&mut self) {
        let stash = Stash::new();
        Self(self.0).release(|block, bytes| {
            // SAFETY: the last share is gone.
            unsafe { stash.give(block, bytes) }
        });
        stash.empty();
    }
}

/// Adds times to what an object has collected.
pub(super) fn add(stash: &Stash, into: &mut Option<Known>, times: &[u64]) {
    if let Some(collected) = into.as_mut().and_then(|into| into.times_mut(times.len())) {
        for (own, theirs) in collected.iter_mut().zip(times) {
            *own = (*own).max(*theirs);
        }
    } else if let Some(known) = Known::new(stash, times) {
        collect(stash, into, &known);
        known.give_up(stash);
    }
}

/// Replaces what an object tells.
pub(super) fn set(stash: &Stash, told: &mut Option<Known>, times: &[u64]) {
    if let Some(old) = told.as_mut().and_then(|told| told.times_mut(times.len())) {
        let (new, rest) = old.split_at_mut(times.len());
        new.copy_from_slice(times);
        rest.fill(0);
    } else if let Some(old) = std::mem::replace(told, Known::new(stash, times)) {
        old.give_up(stash);
    }
}

/// Adds what was known to what an object has collected. `false` when there is no memory.
pub(super) fn collect(stash: &Stash, into: &mut Option<Known>, known: &Known) -> bool {
    let collected = match into {
        Some(before) if before.is(known) => return true,
        Some(before) => before.joined(stash, known),
        None => Some(known.clone()),
    };
    let has_memory = collected.is_some();
    if has_memory && let Some(before) = std::mem::replace(into, collected) {
        before.give_up(stash);
    }
    has_memory
}

// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! Where memory was allocated, so that a finding can say what it is about: the last blocks, by address. Nobody waits for anybody: a block whose entry is just
//! being written is not remembered, and who reads such an entry takes it for none.

use super::calls::Calls;
use super::cell::Word;
use super::slots;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering, fence};

/// Blocks that are remembered; later ones replace them.
const BLOCKS: usize = 1 << 14;

/// Return addresses that are kept of an allocation, innermost first.
pub(crate) const ALLOCATED_AT: usize = 8;

/// In place of an address.
const WRITTEN: usize = 1;

#[derive(Debug)]
#[repr(C, align(32))]
struct Entry {
    /// Of the block; 0 for none, [`WRITTEN`] while the entry is written.
    address: AtomicUsize,
    size: AtomicUsize,
    epoch: AtomicU64,
    frames: [AtomicUsize; ALLOCATED_AT],
}

static TABLE: [Entry; BLOCKS] = [const {
    Entry {
        address: AtomicUsize::new(0),
        size: AtomicUsize::new(0),
        epoch: AtomicU64::new(0),
        frames: [const { AtomicUsize::new(0) }; ALLOCATED_AT],
    }
}; BLOCKS];

fn entry(block: usize) -> &'static Entry {
    &TABLE[(block / 16).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40 & (BLOCKS - 1)]
}

/// A block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allocated {
    pub(crate) start: usize,
    pub(crate) size: usize,
    /// The number of the thread; 0 when that is not known.
    pub(crate) thread: u32,
    /// Return addresses, innermost first; 0 behind the last.
    pub(crate) frames: [usize; ALLOCATED_AT],
}

/// The thread with these calls has allocated a block, in this epoch.
#[inline]
pub(super) fn note(calls: &Calls, epoch: u64, (block, size): (usize, usize), at: usize) {
    let entry = entry(block);
    // Relaxed: who writes next reads nothing of this.
    if entry.address.swap(WRITTEN, Ordering::Relaxed) == WRITTEN {
        return;
    }
    // Release: whoever finds what follows finds that no block is there.
    fence(Ordering::Release);
    // Relaxed, here and below: see the fences.
    entry.size.store(size, Ordering::Relaxed);
    entry.epoch.store(epoch, Ordering::Relaxed);
    let frames = std::iter::once(at).chain(calls.callers()).chain(std::iter::repeat(0));
    for (place, frame) in entry.frames.iter().zip(frames) {
        place.store(frame, Ordering::Relaxed);
    }
    // Release: whoever finds the block finds the rest.
    entry.address.store(block, Ordering::Release);
}

/// A block was given back.
#[inline]
pub(super) fn forget(block: usize) {
    let entry = entry(block);
    // Relaxed: whoever has the block has it alone.
    if entry.address.load(Ordering::Relaxed) == block {
        // Relaxed: unless another block is just getting the entry.
        _ = entry.address.compare_exchange(block, 0, Ordering::Relaxed, Ordering::Relaxed);
    }
}

/// The block that an address lies in, if it is remembered.
#[cold]
pub(crate) fn allocated(address: usize) -> Option<Allocated> {
    TABLE.iter().find_map(|entry| {
        // Acquire: pairs with the last Release in `note`.
        let start = entry.address.load(Ordering::Acquire);
        let size = entry.size.load(Ordering::Relaxed);
        if start <= WRITTEN || !(start..start.saturating_add(size)).contains(&address) {
            return None;
        }
        let epoch = Word(entry.epoch.load(Ordering::Relaxed));
        let frames = entry.frames.each_ref().map(|frame| frame.load(Ordering::Relaxed));
        // Acquire: pairs with the fence in `note`: if that was begun, the address is gone.
        fence(Ordering::Acquire);
        let is_whole = entry.address.load(Ordering::Relaxed) == start;
        let thread = slots::owner(epoch.slot(), epoch.time());
        is_whole.then_some(Allocated { start, size, thread, frames })
    })
}

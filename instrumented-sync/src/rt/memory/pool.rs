//! Memory of the check's own, from the system: blocks of 64 bytes times a power of two.
//!
//! A thread keeps some free blocks for itself ([`Stash`]); the others are shared. Blocks are never given back to the system.

use super::mode::{self, Reason};
use super::spin::Spin;
use std::cell::Cell;
use std::ptr::{NonNull, null_mut};

/// The smallest block, which is also the alignment of all.
pub(super) const SMALLEST: usize = 64;

/// Sizes of blocks: up to 256 KiB.
const CLASSES: usize = 13;

/// What is taken from the system at a time.
const CHUNK: usize = 1 << 20;

/// Free blocks of a size that a thread keeps.
const KEPT: u32 = 64;

/// A free block begins with the address of the next one.
type Free = *mut Cell<usize>;

#[derive(Debug)]
struct Shared {
    free: [usize; CLASSES],
    chunk: usize,
    end: usize,
}

static SHARED: Spin<Shared> = Spin::new(Shared { free: [0; CLASSES], chunk: 0, end: 0 });

/// A thread's free blocks.
#[derive(Debug)]
pub(super) struct Stash {
    free: [Cell<usize>; CLASSES],
    count: [Cell<u32>; CLASSES],
    numbers: Cell<u32>,
}

/// Which blocks hold so many bytes.
const fn class_of(bytes: usize) -> usize {
    bytes.div_ceil(SMALLEST).next_power_of_two().trailing_zeros() as usize
}

/// How many bytes a block that was taken for so many has.
#[inline]
pub(super) const fn room(bytes: usize) -> usize {
    SMALLEST << class_of(bytes)
}

impl Stash {
    /// Another number than it has given for long.
    #[inline]
    pub(super) fn number(&self) -> u32 {
        let next = self.numbers.get().wrapping_add(1);
        self.numbers.set(next);
        next
    }

    /// A block for so many bytes; what is in it is left from before. `None` when it is too large, or there is none.
    pub(super) fn take(&self, bytes: usize) -> Option<NonNull<u8>> {
        let class = class_of(bytes);
        let head = self.free.get(class)?;
        if head.get() == 0 {
            return take_shared(class);
        }
        let block = head.get() as Free;
        // SAFETY: a free block of this thread's, which begins with the address of the next one.
        head.set(unsafe { (*block).get() });
        self.count[class].set(self.count[class].get() - 1);
        NonNull::new(block.cast())
    }

    /// Gives a block back that was taken for so many bytes, by any thread.
    ///
    /// # Safety
    ///
    /// Nobody uses it any more.
    pub(super) unsafe fn give(&self, block: NonNull<u8>, bytes: usize) {
        let class = class_of(bytes);
        let next = if self.count[class].get() < KEPT {
            self.count[class].set(self.count[class].get() + 1);
            self.free[class].replace(block.as_ptr() as usize)
        } else {
            // SAFETY: by the caller.
            return unsafe { give_shared(block, class) };
        };
        // SAFETY: by the caller, and a block is large enough and aligned for it.
        unsafe { block.cast::<Cell<usize>>().as_ref() }.set(next);
    }

    /// The thread ends: others may have its blocks.
    pub(super) fn empty(&self) {
        for class in 0..CLASSES {
            while self.free[class].get() != 0 {
                let block = self.free[class].get() as Free;
                // SAFETY: a free block of this thread's, which begins with the address of the next one.
                self.free[class].set(unsafe { (*block).get() });
                if let Some(block) = NonNull::new(block.cast()) {
                    // SAFETY: nobody has it now.
                    unsafe { give_shared(block, class) };
                }
            }
            self.count[class].set(0);
        }
    }
}

#[cold]
fn take_shared(class: usize) -> Option<NonNull<u8>> {
    let bytes = SMALLEST << class;
    let block = SHARED.with(|shared| {
        if shared.free[class] != 0 {
            let block = shared.free[class] as Free;
            // SAFETY: a free block of all threads', which begins with the address of the next one.
            shared.free[class] = unsafe { (*block).get() };
            return block.cast();
        }
        if shared.end - shared.chunk < bytes {
            let Some(chunk) = reserve(CHUNK) else { return null_mut() };
            // What is left of the last chunk is little, and lost.
            (shared.chunk, shared.end) = (chunk.as_ptr() as usize, chunk.as_ptr() as usize + CHUNK);
        }
        let block = shared.chunk;
        shared.chunk += bytes;
        block as *mut u8
    });
    NonNull::new(block)
}

#[cold]
unsafe fn give_shared(block: NonNull<u8>, class: usize) {
    SHARED.with(|shared| {
        // SAFETY: by the caller: nobody uses the block, which is large enough and aligned for it.
        unsafe { block.cast::<Cell<usize>>().as_ref() }.set(shared.free[class]);
        shared.free[class] = block.as_ptr() as usize;
    });
}

/// Address space, zeros wherever it is read first; it costs memory only where it is written. `None`, and the check ends, when there is none.
#[cold]
pub(super) fn reserve(bytes: usize) -> Option<NonNull<u8>> {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    // SAFETY: a new mapping at a place of the system's choice.
    let at =
        unsafe { libc::mmap(null_mut(), bytes, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0) };
    if at == libc::MAP_FAILED {
        mode::end(Reason::Memory);
        return None;
    }
    // SAFETY: the mapping was just made. Neither call changes what is in it; should one fail, a core file is larger.
    unsafe {
        libc::madvise(at, bytes, libc::MADV_DONTDUMP);
        libc::madvise(at, bytes, libc::MADV_NOHUGEPAGE);
    }
    NonNull::new(at.cast())
}

impl Stash {
    pub(super) const fn new() -> Self {
        Self {
            free: [const { Cell::new(0) }; CLASSES],
            count: [const { Cell::new(0) }; CLASSES],
            numbers: Cell::new(0),
        }
    }
}

//! A mapped piece of a recording.

use crate::layout::chunk;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// A piece of the file, mapped for the rest of the process's life: a chunk is never unmapped, so its words may be
/// read and written by any thread at any time.
///
/// All access is through atomics: other threads and other processes read while the owner writes.
#[derive(Clone, Copy, Debug)]
pub struct Chunk {
    start: *mut u8,
    len: usize,
    offset: u64,
}

// SAFETY:
// - the memory is mapped for the rest of the process's life (`Chunk` has no way to unmap it);
// - all access goes through atomics.
unsafe impl Send for Chunk {}
// SAFETY: as above.
unsafe impl Sync for Chunk {}

impl Chunk {
    /// Wraps a mapping.
    ///
    /// # Safety
    ///
    /// `start..start + len` is mapped readable and writable for the rest of the process's life, `start` is aligned
    /// to 64 bytes, `len` is at least 64, and all access to it is through atomics.
    pub(super) unsafe fn new(start: *mut u8, len: usize, offset: u64) -> Self {
        Self { start, len, offset }
    }

    /// Its first `len` bytes, a multiple of 64 and not more than there are, and the rest, if that is anything.
    pub(super) fn split(self, len: usize) -> (Self, Option<Self>) {
        assert!(len.is_multiple_of(64) && len <= self.len);
        let first = Self { len, ..self };
        // SAFETY: not behind the end, see above.
        let start = unsafe { self.start.add(len) };
        let rest = Self { start, len: self.len - len, offset: self.offset + len as u64 };
        (first, (rest.len > 0).then_some(rest))
    }

    /// Fills in the chunk header. The magic comes last, so that a reader sees a whole header or none.
    pub(super) fn begin(&self, kind: u32, owner: u32, index: u32) {
        // Relaxed: published by the magic.
        self.u32(chunk::KIND).store(kind, Ordering::Relaxed);
        self.u64(chunk::LEN).store(self.len as u64, Ordering::Relaxed);
        self.u32(chunk::OWNER).store(owner, Ordering::Relaxed);
        self.u32(chunk::INDEX).store(index, Ordering::Relaxed);
        // Release: pairs with a reader of the live mapping that loads the magic first.
        self.u32(chunk::MAGIC).store(crate::layout::CHUNK_MAGIC, Ordering::Release);
    }

    /// Offset in the file; 0 for private memory.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Bytes, header included.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a chunk is never empty")]
    pub fn len(&self) -> usize {
        self.len
    }

    /// First byte.
    #[must_use]
    pub fn as_ptr(&self) -> *mut u8 {
        self.start
    }

    /// The 32-bit word at `at`.
    ///
    /// # Panics
    ///
    /// When it lies outside the chunk or is not aligned.
    #[must_use]
    pub fn u32(&self, at: usize) -> &'static AtomicU32 {
        assert!(at.is_multiple_of(4) && at + 4 <= self.len);
        // SAFETY: in bounds and aligned (asserted; the start is aligned to 64), mapped for ever, accessed by atomics only.
        unsafe { AtomicU32::from_ptr(self.start.add(at).cast()) }
    }

    /// The 64-bit word at `at`.
    ///
    /// # Panics
    ///
    /// When it lies outside the chunk or is not aligned.
    #[must_use]
    pub fn u64(&self, at: usize) -> &'static AtomicU64 {
        assert!(at.is_multiple_of(8) && at + 8 <= self.len);
        // SAFETY: as in `u32`.
        unsafe { AtomicU64::from_ptr(self.start.add(at).cast()) }
    }

    /// The 64-bit words from `at` to the end.
    ///
    /// # Panics
    ///
    /// When `at` lies outside the chunk or is not aligned.
    #[must_use]
    pub fn words(&self, at: usize) -> &'static [AtomicU64] {
        assert!(at.is_multiple_of(8) && at <= self.len);
        // SAFETY: in bounds and aligned as in `u32`; `AtomicU64` has the layout of `u64` and any bits are valid.
        unsafe { std::slice::from_raw_parts(self.start.add(at).cast(), (self.len - at) / 8) }
    }

    /// Copies bytes in, byte by byte where the ends are not aligned.
    pub(super) fn write(&self, at: usize, bytes: &[u8]) {
        assert!(at.is_multiple_of(8));
        for (index, part) in bytes.chunks(8).enumerate() {
            let mut word = [0; 8];
            word[..part.len()].copy_from_slice(part);
            // Relaxed: the caller publishes what it wrote.
            self.u64(at + index * 8).store(u64::from_le_bytes(word), Ordering::Relaxed);
        }
    }
}

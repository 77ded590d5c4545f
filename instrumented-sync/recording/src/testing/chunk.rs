//! Any chunk.

use crate::layout::{CHUNK_MAGIC, PAGE, chunk};

/// A chunk under construction; grows as it is filled.
#[derive(Clone, Debug)]
pub struct ChunkBuilder {
    bytes: Vec<u8>,
}

impl ChunkBuilder {
    /// An empty chunk of a kind of [`crate::layout::chunk_kind`].
    #[must_use]
    pub fn new(kind: u32) -> Self {
        let this = Self { bytes: vec![0; PAGE] };
        this.u32(chunk::MAGIC, CHUNK_MAGIC).u32(chunk::KIND, kind)
    }

    /// Sets the owner.
    #[must_use]
    pub fn owner(self, thread: u32) -> Self {
        self.u32(chunk::OWNER, thread)
    }

    /// Sets the index.
    #[must_use]
    pub fn index(self, index: u32) -> Self {
        self.u32(chunk::INDEX, index)
    }

    /// Sets what is in use.
    #[must_use]
    pub fn used(self, used: u64) -> Self {
        self.u64(chunk::USED, used)
    }

    /// Sets the base.
    #[must_use]
    pub fn base(self, base: u64) -> Self {
        self.u64(chunk::BASE, base)
    }

    /// Stores an integer.
    #[must_use]
    pub fn u32(self, at: usize, value: u32) -> Self {
        self.put(at, &value.to_le_bytes())
    }

    /// Stores an integer of eight bytes.
    #[must_use]
    pub fn u64(self, at: usize, value: u64) -> Self {
        self.put(at, &value.to_le_bytes())
    }

    /// Stores bytes.
    #[must_use]
    pub fn put(mut self, at: usize, bytes: &[u8]) -> Self {
        let end = at + bytes.len();
        if end > self.bytes.len() {
            self.bytes.resize(end.next_multiple_of(PAGE), 0);
        }
        self.bytes[at..end].copy_from_slice(bytes);
        self
    }

    /// Makes it at least `len` bytes long.
    #[must_use]
    pub fn at_least(mut self, len: usize) -> Self {
        if len > self.bytes.len() {
            self.bytes.resize(len.next_multiple_of(PAGE), 0);
        }
        self
    }

    /// The chunk, with its length filled in.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        let len = self.bytes.len() as u64;
        self.u64(chunk::LEN, len).bytes
    }
}

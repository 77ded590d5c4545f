//! The file: its first page, then chunks.

use super::ChunkBuilder;
use crate::layout::{FILE_MAGIC, PAGE, VERSION_MAJOR, VERSION_MINOR, header};

/// A recording under construction.
#[derive(Clone, Debug)]
pub struct FileBuilder {
    bytes: Vec<u8>,
}

impl Default for FileBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl FileBuilder {
    /// A first page of this version that says nothing else, and no chunks.
    #[must_use]
    pub fn new() -> Self {
        let mut bytes = vec![0; PAGE];
        bytes[header::MAGIC..][..8].copy_from_slice(&FILE_MAGIC);
        Self { bytes }
            .put(header::MAJOR, &VERSION_MAJOR.to_le_bytes())
            .put(header::MINOR, &VERSION_MINOR.to_le_bytes())
            .u32(header::ENDIAN, 0x0102_0304)
            .u32(header::POINTER_BITS, 64)
    }

    /// Stores an integer of the header.
    #[must_use]
    pub fn u32(self, at: usize, value: u32) -> Self {
        self.put(at, &value.to_le_bytes())
    }

    /// Stores an integer of eight bytes of the header.
    #[must_use]
    pub fn u64(self, at: usize, value: u64) -> Self {
        self.put(at, &value.to_le_bytes())
    }

    /// Stores bytes anywhere in what is there so far.
    #[must_use]
    pub fn put(mut self, at: usize, bytes: &[u8]) -> Self {
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    /// Appends a `key=value` string to the header.
    ///
    /// # Panics
    ///
    /// When the first page is full.
    #[must_use]
    pub fn string(mut self, key: &str, value: &str) -> Self {
        let entry = format!("{key}={value}\0");
        let start = header::STRINGS + 4;
        let mut len = [0; 4];
        len.copy_from_slice(&self.bytes[header::STRINGS..start]);
        let len = u32::from_le_bytes(len) as usize;
        assert!(start + len + entry.len() <= header::ASKED, "the first page is full");
        self.bytes[start + len..][..entry.len()].copy_from_slice(entry.as_bytes());
        self.u32(header::STRINGS, (len + entry.len()) as u32)
    }

    /// Appends a chunk.
    #[must_use]
    pub fn chunk(mut self, chunk: ChunkBuilder) -> Self {
        self.bytes.extend(chunk.finish());
        self
    }

    /// Appends anything.
    #[must_use]
    pub fn raw(mut self, bytes: &[u8]) -> Self {
        self.bytes.extend(bytes);
        self
    }

    /// Where the next chunk goes.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// The file.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

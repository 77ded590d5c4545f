//! A record of the log that is built without the program's allocator.

use crate::layout::log;

/// Bytes at most; what goes beyond is left out.
const ROOM: usize = 3200;

/// A record of the log, built field by field in place.
#[derive(Debug)]
pub struct FixedRecord {
    bytes: [u8; ROOM],
    len: usize,
}

impl FixedRecord {
    /// Starts a record of a kind of [`log`].
    #[must_use]
    pub fn new(kind: u8) -> Self {
        let mut bytes = [0; ROOM];
        bytes[0] = kind;
        Self { bytes, len: log::HEADER }
    }

    /// Appends an integer.
    pub fn u32(&mut self, value: u32) {
        self.put(&value.to_le_bytes());
    }

    /// Appends an integer of eight bytes (no alignment).
    pub fn u64(&mut self, value: u64) {
        self.put(&value.to_le_bytes());
    }

    /// Appends a text, as [`LogRecord::string`](super::LogRecord::string) does.
    pub fn string(&mut self, text: &str) {
        self.u32(text.len() as u32);
        self.put(text.as_bytes());
        self.len = self.len.next_multiple_of(4);
    }

    fn put(&mut self, bytes: &[u8]) {
        if let Some(to) = self.bytes.get_mut(self.len..self.len + bytes.len()) {
            to.copy_from_slice(bytes);
            self.len += bytes.len();
        }
    }

    /// The finished bytes: length filled in, padded to eight.
    pub(super) fn finish(&mut self) -> &[u8] {
        let len = self.len.next_multiple_of(8).min(ROOM);
        self.bytes[4..8].copy_from_slice(&(len as u32).to_le_bytes());
        &self.bytes[..len]
    }
}

//! Builds log records.

use crate::layout::log;

/// A log record under construction: fields in the order of [`crate::layout::log`].
#[derive(Clone, Debug)]
pub struct LogRecord {
    bytes: Vec<u8>,
}

/// Longer strings are cut: a hostile name must not fill the disk.
const STRING_LIMIT: usize = 4096;

impl LogRecord {
    /// Starts a record of a kind of [`log`].
    #[must_use]
    pub fn new(kind: u8) -> Self {
        let mut bytes = vec![0; log::HEADER];
        bytes[0] = kind;
        Self { bytes }
    }

    /// Appends an integer.
    #[must_use]
    pub fn u32(mut self, value: u32) -> Self {
        self.bytes.extend(value.to_le_bytes());
        self
    }

    /// Appends an integer of eight bytes (no alignment).
    #[must_use]
    pub fn u64(mut self, value: u64) -> Self {
        self.bytes.extend(value.to_le_bytes());
        self
    }

    /// Appends a string: length, bytes, padding to four. Cut at 4,096 bytes, on a character boundary.
    #[must_use]
    pub fn string(mut self, text: &str) -> Self {
        let text = &text[..text.floor_char_boundary(STRING_LIMIT)];
        self = self.u32(text.len() as u32);
        self.bytes.extend(text.as_bytes());
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
        self
    }

    /// Whether it tells of something that was found.
    pub(super) fn tells_finding(&self) -> bool {
        matches!(self.bytes[0], log::DEADLOCK | log::RACE | log::OVERDUE | log::NOTE)
    }

    /// The finished bytes: length filled in, padded to eight.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
        let len = self.bytes.len() as u32;
        self.bytes[4..8].copy_from_slice(&len.to_le_bytes());
        self.bytes
    }
}

//! Little-endian numbers at offsets that may not exist.

/// The `u32` at `at`; 0 where the bytes end before, as unwritten space reads.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    get_array(bytes, at).map_or(0, u32::from_le_bytes)
}

/// The `u64` at `at`; 0 where the bytes end before.
pub(super) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    get_array(bytes, at).map_or(0, u64::from_le_bytes)
}

/// The `u16` at `at`; 0 where the bytes end before.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    get_array(bytes, at).map_or(0, u16::from_le_bytes)
}

/// Whole records of `size` bytes from `start` on; a shorter rest is left out.
pub(super) fn records(bytes: &[u8], start: usize, size: usize) -> impl Iterator<Item = &[u8]> {
    bytes.get(start..).unwrap_or_default().chunks_exact(size)
}

fn get_array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk::<N>().copied()
}

/// Reads fields one after the other, as log records have them.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        let (head, rest) = self.rest.split_first_chunk::<4>()?;
        self.rest = rest;
        Some(u32::from_le_bytes(*head))
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        let (head, rest) = self.rest.split_first_chunk::<8>()?;
        self.rest = rest;
        Some(u64::from_le_bytes(*head))
    }

    /// A length, that many bytes, padding to 4. What is no UTF-8 is replaced. The padding of a last string may miss.
    pub(super) fn string(&mut self) -> Option<String> {
        let len = self.u32()? as usize;
        let (text, rest) = self.rest.split_at_checked(len)?;
        let padding = (len.next_multiple_of(4) - len).min(rest.len());
        self.rest = &rest[padding..];
        Some(String::from_utf8_lossy(text).into_owned())
    }

    /// Whether nothing follows.
    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// A count of items that take at least `size` bytes each; `None` when the rest cannot hold them.
    pub(super) fn count(&mut self, size: usize) -> Option<usize> {
        let count = self.u32()? as usize;
        (count <= self.rest.len() / size).then_some(count)
    }
}

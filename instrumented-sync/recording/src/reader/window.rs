//! A look at a source page by page, which mostly goes forward.

use super::source::Source;
use crate::layout::PAGE;
use std::borrow::Cow;
use std::io;

/// The most that is read at once.
const LARGEST: usize = 1 << 20;

/// Pages of a source. The next page in a row is read together with ever more of those behind it; after a jump, alone.
pub(super) struct Window<'a, S> {
    source: &'a S,
    len: usize,
    start: usize,
    bytes: Cow<'a, [u8]>,
}

impl<'a, S: Source> Window<'a, S> {
    pub(super) fn new(source: &'a S) -> io::Result<Self> {
        Ok(Self { source, len: source.len()?, start: 0, bytes: Cow::Borrowed(&[]) })
    }

    /// Bytes of the source when this was made.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// The first page, not before this one, that may hold anything but zeros; the length where there is none. Asked for
    /// rarely: holes that matter are large.
    pub(super) fn next_stored(&self, at: usize) -> usize {
        if !at.is_multiple_of(LARGEST) {
            return at;
        }
        // Pages are powers of two.
        (self.source.stored_from(at) & !(PAGE - 1)).clamp(at, self.len.max(at))
    }

    /// The page at an offset, or what there is of it.
    pub(super) fn page(&mut self, at: usize) -> io::Result<&[u8]> {
        let end = self.start + self.bytes.len();
        let wanted = self.len.min(at.saturating_add(PAGE));
        if at < self.start || wanted > end {
            let is_next = at == end && !self.bytes.is_empty();
            let size = if is_next { (2 * self.bytes.len()).min(LARGEST) } else { PAGE };
            self.bytes = self.source.load(at..self.len.min(at.saturating_add(size)))?;
            self.start = at;
        }
        let from = at - self.start;
        Ok(self.bytes.get(from..self.bytes.len().min(from + PAGE)).unwrap_or_default())
    }
}

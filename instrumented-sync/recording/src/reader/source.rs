//! Where the bytes come from: memory, or a file of which only what is needed is read.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

/// Bytes that can be asked for in any order.
///
/// A file is read and not mapped: a mapping of a file that somebody cuts meanwhile would end the reader with a signal.
pub(super) trait Source {
    /// Somebody may be writing meanwhile.
    const MAY_CHANGE: bool;

    /// How many bytes there are now. A file that is being written grows.
    fn len(&self) -> io::Result<usize>;

    /// The bytes of a range, or what there is of them.
    fn load(&self, range: Range<usize>) -> io::Result<Cow<'_, [u8]>>;
}

impl Source for &[u8] {
    const MAY_CHANGE: bool = false;

    fn len(&self) -> io::Result<usize> {
        Ok(<[u8]>::len(self))
    }

    fn load(&self, range: Range<usize>) -> io::Result<Cow<'_, [u8]>> {
        let start = range.start.min(<[u8]>::len(self));
        Ok(Cow::Borrowed(&self[start..range.end.clamp(start, <[u8]>::len(self))]))
    }
}

impl Source for &File {
    const MAY_CHANGE: bool = true;

    fn len(&self) -> io::Result<usize> {
        usize::try_from(self.metadata()?.len()).map_err(|_| io::ErrorKind::FileTooLarge.into())
    }

    fn load(&self, range: Range<usize>) -> io::Result<Cow<'_, [u8]>> {
        let mut bytes = Vec::new();
        // A length is no promise: memory is asked for, not taken for granted.
        bytes.try_reserve_exact(range.len()).map_err(|_| io::ErrorKind::OutOfMemory)?;
        let mut file: &File = self;
        file.seek(SeekFrom::Start(range.start as u64))?;
        file.take(range.len() as u64).read_to_end(&mut bytes)?;
        Ok(Cow::Owned(bytes))
    }
}

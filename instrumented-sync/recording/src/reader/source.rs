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

    /// Whether a part of this length can be more than a hole: one costs nothing on disk, but would cost memory and time.
    fn may_hold(&self, len: usize) -> io::Result<bool> {
        let _ = len;
        Ok(true)
    }

    /// The first offset, not before this one, at which anything is stored: what lies between is known to be zero.
    fn stored_from(&self, at: usize) -> usize {
        at
    }
}

/// A part that is longer counts only if so much is stored in the file. Writers make none; below, no system that stores
/// zeros in less space can make a difference.
const UNQUESTIONED: usize = 64 << 20;

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
        if !self.may_hold(range.len())? {
            let text = "it has a part that is larger than all that is stored of it";
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        let mut bytes = Vec::new();
        // A length is no promise: memory is asked for, not taken for granted.
        bytes.try_reserve_exact(range.len()).map_err(|_| io::ErrorKind::OutOfMemory)?;
        let mut file: &File = self;
        file.seek(SeekFrom::Start(range.start as u64))?;
        file.take(range.len() as u64).read_to_end(&mut bytes)?;
        Ok(Cow::Owned(bytes))
    }

    fn may_hold(&self, len: usize) -> io::Result<bool> {
        Ok(len <= UNQUESTIONED || len as u64 <= stored_bytes(&self.metadata()?))
    }

    #[cfg(target_os = "linux")]
    fn stored_from(&self, at: usize) -> usize {
        use std::os::fd::AsRawFd;
        let Ok(offset) = libc::off_t::try_from(at) else { return at };
        // SAFETY: a call on a descriptor that is open. It moves the position, which every read sets anew.
        let found = unsafe { libc::lseek(self.as_raw_fd(), offset, libc::SEEK_DATA) };
        match usize::try_from(found) {
            Ok(found) => found.max(at),
            // There is nothing behind.
            Err(_) if io::Error::last_os_error().raw_os_error() == Some(libc::ENXIO) => usize::MAX,
            Err(_) => at,
        }
    }
}

/// Bytes on disk; all of them where the system does not tell.
fn stored_bytes(metadata: &std::fs::Metadata) -> u64 {
    #[cfg(unix)]
    return std::os::unix::fs::MetadataExt::blocks(metadata).saturating_mul(512);
    #[cfg(not(unix))]
    metadata.len()
}

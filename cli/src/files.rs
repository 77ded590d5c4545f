//! Files that somebody else may have named or put in their place: only regular ones are read, and no more of them than makes sense.

use crate::escape;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// No text that people write is longer.
pub const LONGEST_TEXT: u64 = 8 << 20;

/// A file or folder that cannot be made, listed or written to.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} `{}`: {error}", escape::text(&path.display().to_string()))]
pub struct FileError {
    /// What was tried.
    pub action: &'static str,
    /// On what.
    pub path: PathBuf,
    /// Why it failed.
    pub error: io::Error,
}

/// Opens a regular file. What is none, such as a pipe or a device, is refused, and not waited for.
///
/// # Errors
///
/// When it is none, or cannot be opened.
pub fn open(path: &Path) -> io::Result<(File, Metadata)> {
    // Before it is opened: to open a device may do something.
    require_regular(&std::fs::metadata(path)?)?;
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // Should it have become a pipe since.
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits() as i32);
    }
    let file = options.open(path)?;
    let metadata = file.metadata()?;
    require_regular(&metadata)?;
    Ok((file, metadata))
}

/// Reads a file of at most so many bytes. One of the kernel's, which tells no length and may wait for ever, counts as empty.
///
/// # Errors
///
/// As [`open`], and when it is longer.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let (file, metadata) = open(path)?;
    let too_long = || io::Error::new(io::ErrorKind::FileTooLarge, "it is longer than makes sense");
    if metadata.len() > most {
        return Err(too_long());
    }
    let mut bytes = Vec::new();
    if metadata.len() > 0 {
        file.take(most + 1).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 > most { Err(too_long()) } else { Ok(bytes) }
}

/// The same, of a text.
///
/// # Errors
///
/// As [`read`], and when it is no UTF-8.
pub fn read_text(path: &Path) -> io::Result<String> {
    let bytes = read(path, LONGEST_TEXT)?;
    String::from_utf8(bytes)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is no UTF-8"))
}

/// Whether a file is so much larger than what is stored of it that it is not what it says: reading it would take memory and
/// time that it does not take on disk.
#[must_use]
pub fn is_hollow(metadata: &Metadata) -> bool {
    /// Recordings have room ahead of what is written.
    const UNQUESTIONED: u64 = 1 << 30;
    #[cfg(unix)]
    let stored = std::os::unix::fs::MetadataExt::blocks(metadata).saturating_mul(512);
    #[cfg(not(unix))]
    let stored = metadata.len();
    metadata.len() > UNQUESTIONED && metadata.len() / 4 > stored
}

fn require_regular(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_dir() {
        Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory"))
    } else if !metadata.is_file() {
        Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"))
    } else {
        Ok(())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_file_of_a_sensible_length_is_refused() {
        for path in ["/dev/zero", "/dev/null", "/", "/nonexistent"] {
            assert!(read(Path::new(path), 100).is_err(), "{path}");
        }
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("text");
        std::fs::write(&path, "hello").unwrap();
        assert_eq!(read(&path, 5).unwrap(), b"hello");
        assert!(read(&path, 4).is_err());
        std::fs::write(&path, [0xFF]).unwrap();
        assert!(read_text(&path).is_err());
    }

    #[test]
    fn what_the_kernel_makes_up_is_empty() {
        if cfg!(target_os = "linux") {
            assert_eq!(read(Path::new("/proc/self/status"), 100).unwrap(), b"");
        }
    }

    #[test]
    fn a_hole_is_no_recording() {
        let file = tempfile::tempfile().unwrap();
        file.set_len(1 << 34).unwrap();
        assert!(is_hollow(&file.metadata().unwrap()));
        file.set_len(1 << 20).unwrap();
        assert!(!is_hollow(&file.metadata().unwrap()));
    }
}

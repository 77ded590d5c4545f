//! Bytes in, [`Recording`] out.
use crate::model::Recording;
use std::path::Path;

/// Why a file is no recording that can be read.
#[derive(Debug)]
pub enum ReadError {
    /// The file cannot be read.
    Io(std::io::Error),
    /// It is empty.
    Empty,
    /// It does not start like a recording.
    Foreign,
    /// It was written by a newer, incompatible version.
    Newer {
        /// Its major version.
        major: u16,
        /// Its minor version.
        minor: u16,
    },
    /// The header is cut short or makes no sense.
    Damaged(String),
}

/// Reads a recording; never fails on damage behind the header.
///
/// # Errors
///
/// See [`ReadError`].
pub fn read(bytes: &[u8], source: &str) -> Result<Recording, ReadError> {
    let _ = (bytes, source);
    Err(ReadError::Empty)
}

/// Reads the recording in a file.
///
/// # Errors
///
/// See [`ReadError`].
pub fn read_file(path: &Path) -> Result<Recording, ReadError> {
    read(&std::fs::read(path).map_err(ReadError::Io)?, &path.display().to_string())
}

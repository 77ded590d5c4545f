//! Why a file is no recording.

use crate::layout::{VERSION_MAJOR, VERSION_MINOR};
use std::fmt;
use std::io;

/// Why a file is no recording that can be read.
///
/// Displayed as a fragment that fits after `cannot read X: `.
#[derive(Debug)]
pub enum ReadError {
    /// The file cannot be read.
    Io(io::Error),
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

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => match error.kind() {
                // The system's texts carry an error number that helps nobody here.
                io::ErrorKind::NotFound => f.write_str("no such file"),
                io::ErrorKind::PermissionDenied => f.write_str("permission denied"),
                _ => error.fmt(f),
            },
            Self::Empty => f.write_str("it is empty"),
            Self::Foreign => f.write_str("it is not a recording of Syncscope"),
            Self::Newer { major, minor } => write!(
                f,
                "it was written by a newer version (format {major}.{minor}; this version reads \
                 {VERSION_MAJOR}.{VERSION_MINOR} and older)"
            ),
            Self::Damaged(what) => write!(f, "it is damaged: {what}"),
        }
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

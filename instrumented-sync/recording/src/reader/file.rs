//! Recordings on disk, also those that are being written.

use super::assemble::{Found, read_from};
use super::error::ReadError;
use super::select::Events;
use crate::model::Recording;
use std::fs::{self, File};
use std::io;
use std::path::Path;

/// How often a file that shows damage is read. What looks like damage can be a page that was read just before its chunk
/// was begun; real damage is there every time.
const ATTEMPTS: usize = 3;

/// Reads the recording in a file, with all of its events. The process may still be writing it.
///
/// A file that does not start like a recording is refused after its first page.
///
/// # Errors
///
/// [`ReadError::Io`] also for what is no regular file (a directory, a pipe, a device); see [`ReadError`] for the rest.
pub fn read_file(path: &Path) -> Result<Recording, ReadError> {
    read_file_with(path, Events::All)
}

/// The same, with as many of the events as are wanted. The others are not read, as far as the file's other parts can be
/// found without them.
///
/// # Errors
///
/// As [`read_file`].
pub fn read_file_with(path: &Path, events: Events) -> Result<Recording, ReadError> {
    let file = open(path)?;
    let source = path.display().to_string();
    let mut attempt = 1;
    loop {
        let recording = read_from(&&file, &source, events, &mut Found::default())?;
        let lost = &recording.lost;
        let is_whole = lost.damage.is_empty() && lost.event_damage.is_empty();
        if is_whole || attempt == ATTEMPTS {
            return Ok(recording);
        }
        attempt += 1;
    }
}

/// Opens what may be a recording.
pub(super) fn open(path: &Path) -> Result<File, ReadError> {
    // Before it is opened: opening a pipe would wait for its writer.
    let metadata = fs::metadata(path)?;
    require_regular(&metadata)?;
    // A file of the kernel's tells no length, and may let its readers wait.
    if metadata.len() == 0 {
        return Err(ReadError::Empty);
    }
    Ok(File::open(path)?)
}

fn require_regular(metadata: &fs::Metadata) -> io::Result<()> {
    if metadata.is_dir() {
        Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory"))
    } else if !metadata.is_file() {
        Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"))
    } else {
        Ok(())
    }
}

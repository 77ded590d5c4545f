//! Recordings on disk, also those that are being written.

use super::assemble::read;
use super::chunks::{Chunk, walk};
use super::damage::Damage;
use super::error::ReadError;
use super::header;
use crate::layout::{PAGE, chunk_kind};
use crate::model::Recording;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// Reads the recording in a file. The process may still be writing it.
///
/// The whole file is in memory meanwhile. A file that does not start like a recording is refused after its first page.
///
/// # Errors
///
/// [`ReadError::Io`] also for what is no regular file (a directory, a pipe, a device); see [`ReadError`] for the rest.
pub fn read_file(path: &Path) -> Result<Recording, ReadError> {
    // Before it is opened: opening a pipe would wait for its writer.
    require_regular(&fs::metadata(path)?)?;
    let mut file = File::open(path)?;
    let len = file.metadata()?.len();
    let mut bytes = Vec::new();
    (&mut file).take(PAGE as u64).read_to_end(&mut bytes)?;
    header::check(&bytes)?;
    // Its end is where it was when it was opened: a process that writes on could keep us here for ever.
    let rest = len.saturating_sub(bytes.len() as u64);
    let room = usize::try_from(rest).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
    bytes.try_reserve_exact(room).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
    (&mut file).take(rest).read_to_end(&mut bytes)?;
    refresh_logs(&mut file, &mut bytes)?;
    read(&bytes, &path.display().to_string())
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

/// Reads the log chunks a second time, after everything that refers to their records. A writer stores a record before
/// any reference to it, so then all of them are there.
fn refresh_logs(file: &mut File, bytes: &mut [u8]) -> io::Result<()> {
    let is_log = |chunk: &Chunk<'_>| chunk.kind == chunk_kind::LOG;
    let logs: Vec<_> = walk(bytes, &mut Damage::default())
        .into_iter()
        .filter(is_log)
        .map(|chunk| chunk.offset..chunk.offset + chunk.bytes.len())
        .collect();
    for range in logs {
        file.seek(SeekFrom::Start(range.start as u64))?;
        // Only a file that somebody cut meanwhile ends early; what was read first stays then.
        let mut again = Vec::new();
        file.take(range.len() as u64).read_to_end(&mut again)?;
        bytes[range.start..range.start + again.len()].copy_from_slice(&again);
    }
    Ok(())
}

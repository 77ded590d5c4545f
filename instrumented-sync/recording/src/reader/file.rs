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

/// How often a file that shows damage is read. What looks like damage can be a page that was read just before its chunk
/// was begun; real damage is there every time.
const ATTEMPTS: usize = 3;

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
    let source = path.display().to_string();
    let mut attempt = 1;
    loop {
        let recording = read(&copy(&mut file)?, &source)?;
        if recording.lost.damage.is_empty() || attempt == ATTEMPTS {
            return Ok(recording);
        }
        attempt += 1;
    }
}

/// The bytes of the file, such that every log record is there that something else in them refers to.
fn copy(file: &mut File) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    append(file, &mut bytes, 0, PAGE as u64)?;
    header::check(&bytes)?;
    // To the end as it is now: a process that writes on could keep us here for ever.
    let end = file.metadata()?.len();
    append(file, &mut bytes, PAGE as u64, end)?;
    refresh_logs(file, &mut bytes)?;
    Ok(bytes)
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
fn refresh_logs(file: &mut File, bytes: &mut Vec<u8>) -> io::Result<()> {
    let known = bytes.len();
    let end = file.metadata()?.len();
    append(file, bytes, known as u64, end)?;
    let is_log = |chunk: &Chunk<'_>| chunk.kind == chunk_kind::LOG;
    let places =
        |chunk: Chunk<'_>| (is_log(&chunk), chunk.offset..chunk.offset + chunk.bytes.len());
    let chunks: Vec<_> = walk(bytes, &mut Damage::default()).into_iter().map(places).collect();
    for (is_log, place) in chunks {
        if !is_log {
            // A chunk that came only now may refer to records that come only after the log is read.
            if place.start >= known {
                bytes[place].fill(0);
            }
            continue;
        }
        let mut again = Vec::new();
        append(file, &mut again, place.start as u64, place.end as u64)?;
        // Only a file that somebody cut meanwhile ends early; what was read first stays then.
        bytes[place.start..place.start + again.len()].copy_from_slice(&again);
    }
    Ok(())
}

/// Appends a range of the file, or what there is of it.
fn append(file: &mut File, bytes: &mut Vec<u8>, from: u64, to: u64) -> io::Result<()> {
    let len = to.saturating_sub(from);
    // A length is no promise: memory is asked for, not taken for granted.
    usize::try_from(len)
        .ok()
        .and_then(|len| bytes.try_reserve(len).ok())
        .ok_or(io::ErrorKind::OutOfMemory)?;
    file.seek(SeekFrom::Start(from))?;
    file.take(len).read_to_end(bytes)?;
    Ok(())
}

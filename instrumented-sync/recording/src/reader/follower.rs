//! The state of a process that runs, read again and again.

use super::assemble::{Found, read_from};
use super::error::ReadError;
use super::file::open;
use super::select::Events;
use crate::model::Recording;
use std::fs::File;
use std::path::Path;

/// Reads the state of a process again and again: its threads, what is held and waited for, and all that comes as log records; no nestings and no events,
/// which are most of a file. What was found of the file stays known, so it takes as long as the state is large.
#[derive(Debug)]
pub struct Follower {
    file: File,
    name: String,
    found: Found,
}

impl Follower {
    /// Opens the recording in a file.
    ///
    /// # Errors
    ///
    /// As [`read_file`](super::read_file).
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        let file = open(path)?;
        let name = path.display().to_string();
        Ok(Self { file, name, found: Found::of_state() })
    }

    /// The state of now. What is read while it changes may look damaged; the next look shows whether it is.
    ///
    /// # Errors
    ///
    /// As [`read_file`](super::read_file).
    pub fn state(&mut self) -> Result<Recording, ReadError> {
        read_from(&&self.file, &self.name, Events::None, &mut self.found)
    }

    /// How many bytes of log records there were at the last look. As long as there are no more, no more findings were observed.
    #[must_use]
    pub const fn log_bytes(&self) -> u64 {
        self.found.log
    }
}

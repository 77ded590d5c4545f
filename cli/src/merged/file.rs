//! The file around the parts.

use super::part::{Part, PartError};
use crate::files;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

const MAGIC: &[u8; 8] = b"SYNCSCOM";
/// Another major version is refused.
const MAJOR: u16 = 1;
const MINOR: u16 = 0;
/// Bytes before the first part.
const HEADER: usize = 16;

/// Writes a merged file, in one step for whoever reads it.
#[derive(Debug)]
pub struct Writer {
    path: PathBuf,
    draft: PathBuf,
    out: BufWriter<File>,
}

impl Writer {
    /// Begins a draft beside `path`.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub fn create(path: &Path) -> io::Result<Self> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder)?;
        }
        let mut draft = path.as_os_str().to_owned();
        draft.push(format!(".{}.new", std::process::id()));
        let draft = PathBuf::from(draft);
        // What an earlier process of our number left; and nobody else's file is written through a link.
        let _ = fs::remove_file(&draft);
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            // As private as what it is made of.
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let mut out = BufWriter::new(options.open(&draft)?);
        out.write_all(MAGIC)?;
        out.write_all(&MAJOR.to_le_bytes())?;
        out.write_all(&MINOR.to_le_bytes())?;
        out.write_all(&[0; HEADER - 12])?;
        Ok(Self { path: path.to_owned(), draft, out })
    }

    /// Adds a part.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn add(&mut self, part: &Part) -> io::Result<()> {
        part.write(&mut self.out)
    }

    /// Puts the file in its place. Returns its length.
    ///
    /// # Errors
    ///
    /// When that cannot be done; the draft is gone then.
    pub fn finish(mut self) -> io::Result<u64> {
        let done = self.out.flush().and_then(|()| self.out.get_ref().metadata());
        let len = done?.len();
        fs::rename(&self.draft, &self.path)?;
        // Nothing is left to be removed.
        self.draft = PathBuf::new();
        Ok(len)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if !self.draft.as_os_str().is_empty() {
            let _ = fs::remove_file(&self.draft);
        }
    }
}

/// Whether a file begins like a merged one.
#[must_use]
pub fn is_merged(path: &Path) -> bool {
    let mut magic = [0; MAGIC.len()];
    // A file of the kernel's may let its readers wait, and tells no length.
    let begins = |(mut file, metadata): (File, fs::Metadata)| {
        metadata.len() >= HEADER as u64 && file.read_exact(&mut magic).is_ok()
    };
    files::open(path).is_ok_and(begins) && magic == *MAGIC
}

/// The parts of a merged file, one after the other; what cannot be read is an error in its place.
///
/// # Errors
///
/// When the file cannot be opened, or has another major version.
pub fn parts(path: &Path) -> io::Result<impl Iterator<Item = Result<Part, PartError>> + use<>> {
    let mut file = BufReader::new(files::open(path)?.0);
    let mut header = [0; HEADER];
    file.read_exact(&mut header)?;
    if !header.starts_with(MAGIC) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is not a merged recording"));
    }
    if u16::from_le_bytes([header[8], header[9]]) != MAJOR {
        let message = "it was merged by another version; use the version of cargo-syncscope that wrote it, or a newer one";
        return Err(io::Error::new(io::ErrorKind::Unsupported, message));
    }
    let (mut number, mut is_over) = (0, false);
    Ok(std::iter::from_fn(move || {
        if is_over {
            return None;
        }
        number += 1;
        let part = Part::read(&mut file, number).transpose();
        is_over = matches!(part, None | Some(Err(PartError::Io(_) | PartError::Lost(_))));
        part
    }))
}

//! One part of a merged file: a recording, with its name.

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use std::io::{self, Read, Write};

/// The longest recording that a merged file may hold: several times what a recording is in mode `ring`, without its limits
/// being raised. Also what bounds the memory for a file that lies about it.
const MAX_BYTES: u64 = 256 << 20;
/// The longest name: that of a path.
const MAX_NAME: u32 = 4096;
/// Bytes before the name.
const HEADER: usize = 32;
const MAGIC: &[u8; 4] = b"SYPT";
/// The flag of a part whose events were left out.
const WITHOUT_EVENTS: u32 = 1;

/// A recording in a merged file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The name of its own file; hostile text.
    pub name: String,
    /// The recording.
    pub bytes: Vec<u8>,
    /// Its events were left out.
    pub without_events: bool,
}

/// A part that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// The file cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The next part cannot be found.
    #[error("part {0} is damaged, and so the parts behind it cannot be found")]
    Lost(usize),
    /// This part is damaged; the next one may be read.
    #[error("part {0} is damaged")]
    Damaged(usize),
}

impl Part {
    /// Writes it.
    ///
    /// # Errors
    ///
    /// Those of the writer; also when it is too long for a merged file.
    pub fn write(&self, mut to: impl Write) -> io::Result<()> {
        if self.bytes.len() as u64 > MAX_BYTES {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                "it is longer than 256 MiB; without `--events` it may fit",
            ));
        }
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&self.bytes)?;
        let data = encoder.finish()?;
        let mut end = self.name.len().min(MAX_NAME as usize);
        while !self.name.is_char_boundary(end) {
            end -= 1;
        }
        let name = &self.name.as_bytes()[..end];
        to.write_all(MAGIC)?;
        to.write_all(&u32::from(self.without_events).to_le_bytes())?;
        to.write_all(&u32::try_from(name.len()).unwrap_or(MAX_NAME).to_le_bytes())?;
        to.write_all(&0_u32.to_le_bytes())?;
        to.write_all(&(data.len() as u64).to_le_bytes())?;
        to.write_all(&(self.bytes.len() as u64).to_le_bytes())?;
        to.write_all(name)?;
        to.write_all(&data)
    }

    /// Reads the next one, which has this number; `None` at the end.
    pub(super) fn read(from: &mut impl Read, number: usize) -> Result<Option<Self>, PartError> {
        let mut header = Vec::with_capacity(HEADER);
        from.by_ref().take(HEADER as u64).read_to_end(&mut header)?;
        if header.is_empty() {
            return Ok(None);
        }
        if header.len() < HEADER || !header.starts_with(MAGIC) {
            return Err(PartError::Lost(number));
        }
        let u32_at = |at: usize| header[at..].first_chunk().map_or(0, |b| u32::from_le_bytes(*b));
        let u64_at = |at: usize| header[at..].first_chunk().map_or(0, |b| u64::from_le_bytes(*b));
        let (flags, name_len) = (u32_at(4), u32_at(8));
        let (data_len, len) = (u64_at(16), u64_at(24));
        if name_len > MAX_NAME {
            return Err(PartError::Lost(number));
        }
        let mut name = Vec::new();
        from.by_ref().take(u64::from(name_len)).read_to_end(&mut name)?;
        let mut data = from.by_ref().take(data_len);
        // Memory grows with what is there: a length is only believed as an upper bound.
        let mut bytes = Vec::new();
        let inflated = ZlibDecoder::new(&mut data).take(MAX_BYTES + 1).read_to_end(&mut bytes);
        // Up to the next part, whatever became of this one.
        io::copy(&mut data, &mut io::sink())?;
        if data.limit() > 0 {
            return Err(PartError::Lost(number));
        }
        if inflated.is_err() || bytes.len() as u64 != len || len > MAX_BYTES {
            return Err(PartError::Damaged(number));
        }
        Ok(Some(Self {
            name: String::from_utf8_lossy(&name).into_owned(),
            bytes,
            without_events: flags & WITHOUT_EVENTS != 0,
        }))
    }
}

//! Creates recordings.
//!
//! [`RecordingFile`] owns the file: it hands out [`Chunk`]s, which are mapped pieces of it, and appends [`LogRecord`]s.
//! Where the file cannot grow (disk full, directory gone) a chunk is private memory: the program runs on, the loss
//! is counted in the header.

mod chunk;
mod file;
mod patience;
mod record;

pub use chunk::Chunk;
pub use file::{HeaderInit, RecordingFile};
pub use patience::patient;
pub use record::LogRecord;

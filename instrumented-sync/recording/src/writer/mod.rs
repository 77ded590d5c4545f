//! Creates recordings.
//!
//! [`RecordingFile`] owns the file: it hands out [`Chunk`]s, which are mapped pieces of it, and appends [`LogRecord`]s.
//! Where the file cannot grow (disk full, directory gone) a chunk is private memory, as far as the process itself looks at it:
//! the program runs on, the loss is counted in the header.
//!
//! What lies in the file may be changed or cut by anybody. So nothing that is read from a chunk is taken for an address, an
//! index or a size, and a fault in it is mended.

mod bounded_lock;
mod chunk;
mod disk;
mod fault;
mod file;
mod fixed;
pub mod fork_gate;
mod quiet;
mod record;
mod reserve;
mod room;

pub use bounded_lock::bounded_lock;
pub use chunk::Chunk;
pub use file::{HeaderInit, RecordingFile};
pub use fixed::FixedRecord;
pub use quiet::Quiet;
pub use record::LogRecord;

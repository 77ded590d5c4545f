//! The recording of Syncscope: one file per process that survives the process.
//!
//! A recording is written through shared memory mappings, so whatever a thread stored is in the file even when the
//! process is killed in the next instruction: no exit handler, no flush. The format is described byte by byte in
//! `docs/format.md`; [`layout`] holds its constants, [`model`] what a reader gives back.
//!
//! # Layers
//!
//! - [`layout`]: numbers of the format: offsets, tags, codes. No code.
//! - [`writer`]: creates the file, hands out chunks of it, appends log records.
//! - [`mod@reader`]: bytes in, [`model::Recording`] out; never fails on damage, it returns what is readable plus
//!   what was lost.
//! - [`asking`]: asks the process that writes a recording for stacks.
//! - [`words`]: how writers lay out events.
//! - [`buckets`]: the buckets of histograms.
//! - [`model`]: the plain data that the detector consumes.
//! - [`schedule`]: not a recording, but the file by which the command tells a program whose thread goes on.

#[cfg(unix)]
pub mod asking;
pub mod buckets;
pub mod layout;
pub mod model;
pub mod reader;
pub mod run_name;
pub mod schedule;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod words;
#[cfg(target_os = "linux")]
pub mod writer;

pub use model::Recording;
pub use reader::{Events, Follower, ReadError, read, read_file, read_file_with, read_with};

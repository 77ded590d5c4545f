//! The source text behind places: for frames, for names and for fingerprints that survive moved code.
//!
//! A recording names source files; it may come from a stranger. So only regular files that end in `.rs` and are not
//! huge are read, in folders where sources of the project are: its own, Cargo's and the toolchain's, wherever links lead. And a file
//! counts only where it has an identifier at the recorded column.

mod calls;
mod chain;
mod code;
mod constructions;
mod creation;
mod invocation;
mod meaning;
mod outline;
mod question;
mod source_file;
mod sources;
mod tokens;
mod unit;
mod usage;
mod wrapper;

pub use meaning::{Called, Strength};
pub use question::Question;
pub use source_file::SourceFile;
pub use sources::{Position, Sources};
pub use wrapper::Wrapping;

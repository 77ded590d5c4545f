//! Merged recordings: one file that holds any number of recordings and is read as if they lay beside each other.
//!
//! Each part is a recording in its own format, so what is found in a merged file is what is found in its parts: classes of
//! locks meet when the parts are analysed, not when they are merged. The events, which only the state at the end is told
//! from, are left out unless they are asked for ([`compact`] checks that nothing else changes). `docs/format.md` describes the
//! file.

mod compact;
mod file;
mod part;

pub use compact::compact;
pub use file::{Writer, is_merged, parts};
pub use part::{Part, PartError};

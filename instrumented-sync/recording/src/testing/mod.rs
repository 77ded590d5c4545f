//! Builds recordings byte by byte, for tests. Behind the feature `testing`.
//!
//! Written from [`crate::layout`] alone, without the writer and without the reader, so that the three can be held
//! against each other. [`encode`] turns a whole [`crate::Recording`] into bytes; the builders below it make the layouts
//! that a model cannot express: wrapped rings, reused rings, torn logs, chunks in odd places. [`mutant`] damages what was built.
//!
//! Not part of the stable interface.

mod chunk;
mod codes;
mod encode;
mod events;
mod file;
mod log;
mod measures;
mod mutate;
mod random;
mod tables;

pub use chunk::ChunkBuilder;
pub use encode::encode;
pub use events::EventWriter;
pub use file::FileBuilder;
pub use log::LogBuilder;
pub use measures::measures;
pub use mutate::mutant;
pub use tables::{board, chain_table, class_counters, node_tables, overflow};

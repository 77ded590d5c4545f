//! The order that a program obeys, as declared orders: few lists of names that say the same as all nestings together.
//!
//! What is declared must hold for what was recorded. So a lock is only named where the name means it and no other, and locks that
//! were taken both ways stay unordered among themselves.

mod chains;
mod named;
mod table;

pub use chains::chains;
pub use named::{Named, Unnamed, named};
pub use table::table;

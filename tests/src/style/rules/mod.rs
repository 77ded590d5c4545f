//! The rules: each takes what it is about and gives the lines that break it.

mod annotations;
mod bit_tables;
mod hot_path;
mod length;
mod machine;
mod orderings;
mod unsafe_code;

pub use annotations::{allowed_lints, ignored_tests, unfinished};
pub use bit_tables::bit_tables;
pub use hot_path::{MARKER, hot_path, marked};
pub use length::length;
pub use machine::{foreign_registries, machine_paths};
pub use orderings::orderings;
pub use unsafe_code::{forbidden_in_crate, safety_comments, unsafe_outside_rooms};

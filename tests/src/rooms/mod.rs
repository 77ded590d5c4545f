//! Which files of a crate name which, so that tests hold the order of rooms.
//!
//! [`code`] gives the words of a file, [`paths`] the paths that it names, [`crates`] finds the files that these lead to,
//! [`circles`] those that lead back, and [`order`] those that lead from a lower room to a higher one. [`manifests`] does the
//! same for packages. Tests do not count.

pub mod circles;
pub mod code;
pub mod crates;
pub mod manifests;
pub mod order;
pub mod paths;

pub use crates::{Arrow, Crate};

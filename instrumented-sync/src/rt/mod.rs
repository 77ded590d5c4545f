//! The runtime behind the mirrors.
//!
//! [`hook`] is its whole surface: mirrors call hooks and know nothing else of it.

pub(crate) mod hook;
pub(crate) mod meta;

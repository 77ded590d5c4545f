//! The style rules of the workspace that a machine can check.
//!
//! [`tree`] reads the files, [`scan`] parts code from comments, [`functions`] finds functions by their braces, and each
//! rule of [`rules`] gives the lines that break it. No parser: what is checked must be simple enough to be seen so.

pub mod functions;
pub mod rules;
pub mod scan;
pub mod source;
pub mod tree;

pub use source::{Source, Violation};

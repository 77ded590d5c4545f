//! A shadow of std whose 32-bit and 64-bit atomics are loom's, where a model says so.
#![no_std]

extern crate std as real_std;

pub mod sync;

// Names that are declared here win over those of a glob.
pub use real_std::*;

//! The shadow that the whole process shares, for packages with the line in their manifest.
#![no_std]

extern crate std as real_std;

pub use real_std::*;

//! The drop-in that the whole process shares, for packages that are swapped by hand.
#![no_std]

pub use std::__syncscope::instrumented_sync::*;

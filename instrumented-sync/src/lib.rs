//! A drop-in for `std::sync` and `std::thread`.
#[cfg(feature = "instrument")]
mod rt;

#[cfg(not(feature = "instrument"))]
pub use std::sync::*;
#[cfg(not(feature = "instrument"))]
pub use std::thread;

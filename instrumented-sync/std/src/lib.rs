//! A shadow of `std`: everything of it, with `sync` and `thread` replaced by the instrumented ones.
#![no_std]

extern crate std as real_std;

pub use real_std::*;

pub use instrumented_sync::thread;

/// As `std::sync`, instrumented.
pub mod sync {
    pub use instrumented_sync::*;
}

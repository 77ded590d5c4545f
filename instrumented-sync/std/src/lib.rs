//! A shadow of std: everything of it, with `sync` and `thread` replaced by the recorded ones.
//!
//! One line in a crate's manifest puts it in std's place for that crate, and no line of the crate's code changes:
//!
//! ```toml
//! [dependencies]
//! std = { package = "instrumented-std", version = "0.1" }
//! ```
//!
//! `rustc --extern std=libinstrumented_std.rlib -L dependency=…` does the same. Both work because rustc takes the name
//! `std`, for the crate that it links into every other, from the command line if it is there. The prelude, the macros
//! and the derives then come from here, too.
//!
//! Types of the real std do not match the ones from here, so a crate that passes, say, a `Mutex` to another needs that
//! other to be swapped as well.
#![no_std]

extern crate std as real_std;

pub use real_std::*;

/// `std::sync`, recorded: see `instrumented_sync`.
pub use instrumented_sync::sync;

/// `std::thread`, recorded: see `instrumented_sync::thread`.
pub use instrumented_sync::thread;

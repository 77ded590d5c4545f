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
//!
//! # What is replaced
//!
//! The primitives of [`sync`], [`sync::mpsc`] and [`thread`] that block or order, and the hook that [`panic::set_hook`] sets; with the feature `stdio` also the standard
//! streams, whose locks are recorded, and the macros that print. All else is std's own, by glob: an item that a newer std
//! has and this crate does not know is std's, and not recorded.
#![no_std]

extern crate std as real_std;

#[cfg(feature = "stdio")]
pub mod io;
pub mod panic;
#[cfg(feature = "stdio")]
pub mod prelude;
pub mod sync;
pub mod thread;

// Names that are declared here win over those of a glob.
pub use real_std::*;

/// The drop-in, for the facades of crates that are to share its one copy in the process. Not for use in programs.
#[doc(hidden)]
pub mod __syncscope {
    pub use instrumented_sync;
}

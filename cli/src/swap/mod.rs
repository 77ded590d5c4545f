//! The zero-edit swap: a package and all its dependencies are built against the shadow `std`, on stable Rust.
//!
//! - `archive`: the sources of the runtime, which the command carries with it.
//! - `toolchain`: the compiler that the project uses.
//! - `runtime`: the shadow `std`, built once for a compiler and kept.
//! - [`wrapper`]: what stands between cargo and the compiler, and puts the shadow in std's place.
//! - `facade`: crates that get a source of ours, so that they share the one runtime, or are seen at all; `compile`: how.
//! - `plan`: cargo's command line for a swapped build.
//! - [`unseen`]: what is not recorded.
//! - `tidy`: builds that nothing uses any more.
//! - `sieve`: cargo's progress, apart from what it has to say in the end.
//!
//! Cargo passes `--target` to the compiler for whatever ends up in the program, and not for build scripts and
//! procedural macros, when it is called with `--target` itself. That is how the wrapper knows what to swap.

mod archive;
mod compile;
mod error;
mod facade;
mod linked;
mod plan;
mod runtime;
mod sieve;
mod tidy;
mod toolchain;
pub mod unseen;
mod user_config;
pub mod wrapper;

pub use archive::ARCHIVE;
pub use error::SwapError;
pub use linked::Linked;
pub use plan::{Plan, Runner, check_target};
pub use runtime::Runtime;
pub use sieve::{Held, sift};
pub use toolchain::Toolchain;

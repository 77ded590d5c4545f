//! The zero-edit swap: a package and all its dependencies are built against the shadow `std`, on stable Rust.
//!
//! - `archive`: the sources of the runtime, which the command carries with it.
//! - `toolchain`: the compiler that the project uses.
//! - `runtime`: the shadow `std`, built once for a compiler and kept.
//! - [`wrapper`]: what stands between cargo and the compiler, and puts the shadow in std's place.
//! - `facade`: crates that get a source of ours, so that they share the one runtime.
//! - `overlay`: crates whose source is compiled with a few edits, so that their own locks are seen.
//! - [`doctest`]: the same between rustdoc and the compiler.
//! - `compiler`: the compiler's command line; `debug_info`: the lines of all code; `accesses`: what is added for the check of all
//!   accesses.
//! - `plan`: cargo's command line for a swapped build; `target_folder`: what it is the first to make.
//! - [`unseen`]: what is not recorded.
//! - `blame`: whether a build may have failed because of the swap.
//! - [`disk`]: how much room they take.
//! - `tidy`: builds that nothing uses any more; `clean`: all that other compilers and versions have left.
//! - `noted`: a program as cargo would run it.
//! - `steps`: how far the first build is.
//! - `diagnostics`: cargo's progress, apart from what it has to say in the end.
//!
//! Cargo passes `--target` to the compiler for whatever ends up in the program, and not for build scripts and
//! procedural macros, when it is called with `--target` itself. That is how the wrapper knows what to swap.

mod accesses;
mod allocator;
mod archive;
mod blame;
mod clean;
mod compiler;
mod debug_info;
mod diagnostics;
pub mod disk;
pub mod doctest;
mod error;
mod facade;
mod linked;
mod noted;
mod overlay;
mod places;
mod plan;
mod runtime;
mod steps;
mod target_folder;
mod tidy;
mod toolchain;
pub mod unseen;
mod user_config;
pub mod wrapper;

pub use accesses::Accesses;
pub use archive::ARCHIVE;
pub use blame::may_be_the_swap;
pub use clean::clean;
pub use diagnostics::{Diagnostics, run_cargo};
pub use error::SwapError;
pub use linked::Linked;
pub use noted::Noted;
pub use plan::{Plan, Runner, check_target, without};
pub use runtime::Runtime;
pub use toolchain::Toolchain;
pub use unseen::Packages;

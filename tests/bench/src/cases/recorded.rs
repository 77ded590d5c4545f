//! The mirrored cases on ours: the same source.

use instrumented_sync::{self as sync, thread};

#[path = "mirrored.rs"]
#[expect(
    clippy::duplicate_mod,
    reason = "the same source against std and against ours is the point"
)]
mod mirrored;

pub use mirrored::work;

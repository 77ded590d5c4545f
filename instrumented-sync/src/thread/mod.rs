//! What `std::thread` offers, recorded.
//!
//! Recorded: spawns, starts and ends of threads, joins, parks and sleeps. Joins, parks and the ends of scopes are
//! checked for a deadlock, as waits for locks are.

#![expect(explicit_outlives_requirements, reason = "declarations are std's, word for word")]

mod body;
mod builder;
mod current;
mod join_handle;
mod os;
mod park;
mod scope;
mod sleep;
mod spawn;

pub use builder::Builder;
pub use current::{Thread, current};
pub use join_handle::JoinHandle;
pub use park::{park, park_timeout};
pub use scope::{Scope, ScopedJoinHandle, scope};
pub use sleep::sleep;
pub use spawn::spawn;
#[expect(deprecated, reason = "std still offers them, so we do")]
pub use {park::park_timeout_ms, sleep::sleep_ms};
// These are std's own: they neither block nor order anything.
#[doc(inline)]
pub use std::thread::{
    AccessError, LocalKey, Result, ThreadId, available_parallelism, panicking, yield_now,
};

//! `std::thread`, recorded: see `instrumented_sync::thread`.

pub use instrumented_sync::thread::{
    Builder, JoinHandle, Scope, ScopedJoinHandle, Thread, current, park, park_timeout, scope,
    sleep, spawn,
};
#[expect(deprecated, reason = "std still offers them, so we do")]
pub use instrumented_sync::thread::{park_timeout_ms, sleep_ms};
pub use real_std::thread::*;

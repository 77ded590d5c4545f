//! `std::sync`, recorded: see `instrumented_sync`.

pub mod mpsc;

#[expect(deprecated, reason = "std still offers it, so we do")]
pub use instrumented_sync::sync::ONCE_INIT;
pub use instrumented_sync::sync::{
    Barrier, Condvar, LazyLock, Mutex, MutexGuard, Once, OnceLock, RwLock, RwLockReadGuard,
    RwLockWriteGuard, WaitTimeoutResult,
};
pub use real_std::sync::*;

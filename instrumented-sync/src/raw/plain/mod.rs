//! The real primitives: what they do is told by an [`Identity`](super::Identity), or not at all.
//!
//! Where all accesses are checked, that check is still told what they order: their code is std's, of which only a part is compiled with the program, and
//! it is left alone.

#[cfg(feature = "accesses")]
mod condvar;
#[cfg(feature = "accesses")]
mod mutex;
#[cfg(feature = "accesses")]
mod result;
#[cfg(feature = "accesses")]
mod rwlock;

#[cfg(feature = "accesses")]
pub use {
    condvar::Condvar,
    mutex::{Mutex, MutexGuard},
    rwlock::{RwLock, RwLockReadGuard, RwLockWriteGuard},
};

#[cfg(not(feature = "accesses"))]
pub use std::sync::{Condvar, Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};
pub use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult, WaitTimeoutResult};
pub use std::thread::{self, Thread};

//! What `std::sync` offers, recorded. The crate's root re-exports all of it.
//!
//! One file per primitive. Each mirror holds std's own type, so waiting, poisoning and layout rules are std's, and an
//! identity; its methods call std's and the hooks of the runtime, and do nothing else.

#![expect(explicit_outlives_requirements, reason = "declarations are std's, word for word")]

pub(crate) mod arrivals;
pub(crate) mod attempt;
mod barrier;
mod condvar;
mod lazy_lock;
pub mod mpsc;
mod mutex;
mod once;
mod once_lock;
mod rwlock;
mod rwlock_guard;

pub use barrier::Barrier;
pub use condvar::{Condvar, WaitTimeoutResult};
pub use lazy_lock::LazyLock;
pub use mutex::{Mutex, MutexGuard};
#[expect(deprecated, reason = "std still offers it, so we do")]
pub use once::ONCE_INIT;
pub use once::Once;
pub use once_lock::OnceLock;
pub use rwlock::RwLock;
pub use rwlock_guard::{RwLockReadGuard, RwLockWriteGuard};
// These are std's own: `Arc` must be, for unsizing and `self: Arc<Self>`; atomics must be, for identity with `core`;
// the others hold nothing that could be recorded.
#[doc(inline)]
pub use std::sync::{
    Arc, BarrierWaitResult, LockResult, OnceState, PoisonError, TryLockError, TryLockResult, Weak,
    atomic,
};

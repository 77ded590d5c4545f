//! parking_lot 0.12, recorded: the original under its own interface, with types that tell the runtime what they do.
//!
//! The swap compiles the original as `parking_lot_original` and this in its place. What is not defined here is the original's
//! own. The types of locks are aliases of lock_api's, as in the original, around raw locks of ours, so all that lock_api offers
//! for them (guards in an `Arc`, serde, mapped guards) is there.

extern crate parking_lot_original as original;

mod condvar;
mod mutex;
mod once;
mod rwlock;
mod sent;

pub use condvar::Condvar;
pub use mutex::{
    FairMutex, FairMutexGuard, MappedFairMutexGuard, MappedMutexGuard, MappedReentrantMutexGuard,
    Mutex, MutexGuard, RawFairMutex, RawMutex, ReentrantMutex, ReentrantMutexGuard,
    const_fair_mutex, const_mutex, const_reentrant_mutex,
};
pub use once::Once;
// Names that are declared here win over those of a glob.
pub use original::*;
pub use rwlock::{
    MappedRwLockReadGuard, MappedRwLockWriteGuard, RawRwLock, RwLock, RwLockReadGuard,
    RwLockUpgradableReadGuard, RwLockWriteGuard, const_rwlock,
};

use std::__syncscope::instrumented_sync::raw;

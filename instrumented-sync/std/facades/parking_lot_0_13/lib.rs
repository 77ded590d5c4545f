//! parking_lot 0.13, recorded: the original under its own interface, with types that tell the runtime what they do.
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

pub use condvar::{Condvar, RawCondvar};
pub use mutex::{
    FairMutex, FairMutexGuard, MappedFairMutexGuard, MappedMutexGuard, MappedReentrantMutexGuard,
    Mutex, MutexGuard, RawFairMutex, RawMutex, ReentrantMutex, ReentrantMutexGuard,
};
pub use once::Once;
// Names that are declared here win over those of a glob.
pub use original::*;
pub use rwlock::{
    MappedRecursiveRwLockReadGuard, MappedRecursiveRwLockWriteGuard, MappedRwLockReadGuard,
    MappedRwLockWriteGuard, RawRwLock, RawRwLockRecursive, RecursiveRwLock,
    RecursiveRwLockReadGuard, RecursiveRwLockUpgradableReadGuard, RecursiveRwLockWriteGuard,
    RwLock, RwLockReadGuard, RwLockUpgradableReadGuard, RwLockWriteGuard,
};

use std::__syncscope::instrumented_sync::raw;

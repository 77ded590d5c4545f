//! Tasks, and what they await.

// Without these features it has no locks.
#[cfg(any(feature = "sync", feature = "fs"))]
mod acquire;
pub(crate) mod arms;
#[cfg(any(feature = "sync", feature = "fs"))]
pub(crate) mod for_mutex;
#[cfg(any(feature = "sync", feature = "fs"))]
pub(crate) mod for_rwlock;
#[cfg(any(feature = "sync", feature = "fs"))]
pub(crate) mod for_semaphore;
pub(crate) mod given;
mod sited;
mod task;
pub(crate) mod watched;
mod whole;

pub(crate) use self::sited::{Sited, at, blocks, owned, place};
pub(crate) use self::task::{
    MOST_JOINED, Task, blocking, has_source, joining, joining_one, outside, parks, queues, root,
    spawned, spawning,
};
pub(crate) use self::whole::Whole;
pub(crate) use std::__syncscope::instrumented_sync::raw::end::{Receives, Sends, wipe};
pub(crate) use std::__syncscope::instrumented_sync::raw::task::Await;
pub(crate) use std::__syncscope::instrumented_sync::raw::task::{POLLED, extent};
pub(crate) use std::__syncscope::instrumented_sync::raw::task::{
    away, limited, serves, spare, works,
};
pub(crate) use std::__syncscope::instrumented_sync::raw::{Identity, Kind, Site};

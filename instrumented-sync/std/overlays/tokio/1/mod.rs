//! Tasks, and the locks that they await.

mod acquire;
pub(crate) mod for_mutex;
pub(crate) mod for_rwlock;
pub(crate) mod for_semaphore;
mod sited;
mod task;
mod whole;

pub(crate) use self::sited::{Sited, owned};
pub(crate) use self::task::{Task, blocking, joining, outside, root, spawned, spawning};
pub(crate) use self::whole::Whole;
pub(crate) use std::__syncscope::instrumented_sync::raw::task::extent;

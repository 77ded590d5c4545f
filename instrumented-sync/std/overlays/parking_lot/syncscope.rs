//! What condition variables and one-time initialisations tell the runtime.

pub(crate) use std::__syncscope::instrumented_sync::raw::{Identity, site};

use lock_api::__syncscope::RecordedMutex;

/// Waits by `wait`, which gives the mutex back in the meantime.
#[track_caller]
pub(crate) fn wait<M, R>(
    condvar: &Identity,
    mutex: &RecordedMutex<M>,
    is_timed: bool,
    wait: impl FnOnce(&M) -> R,
) -> R {
    condvar.wait(mutex.identity(), is_timed, site(), || wait(mutex.real()))
}

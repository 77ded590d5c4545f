//! What a thread blocks on is told as a task of its own.

extern crate std as shadow;

pub(crate) use self::shadow::__syncscope::instrumented_sync::raw::root::Root;

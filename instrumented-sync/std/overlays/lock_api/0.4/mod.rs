//! Raw locks that tell the runtime what they do.

extern crate std as shadow;

mod mutex;
mod rwlock;
mod shard;

pub use mutex::RecordedMutex;
pub use rwlock::RecordedRwLock;
pub use shadow::__syncscope::instrumented_sync::raw::{Group, Site, site};
pub(crate) use shadow::__syncscope::instrumented_sync::raw::{Identity, Kind, Mode};

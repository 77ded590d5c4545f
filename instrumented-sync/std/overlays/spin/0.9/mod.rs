//! Locks that spin, recorded.

extern crate std as shadow;

mod mutex;
mod rwlock;
mod spinning;

pub(crate) use self::mutex::RecordedMutex;
pub(crate) use self::rwlock::RecordedRwLock;
pub(crate) use self::shadow::__syncscope::instrumented_sync::raw::{
    Blocked, Identity, Kind, Mode, Site, site,
};
pub(crate) use self::spinning::Spinning;

//! Locks that spin, recorded.

extern crate std as shadow;

mod meeting;
mod mutex;
mod patience;
mod rwlock;
pub(crate) mod sleepers;
mod spinning;

pub(crate) use self::meeting::Meeting;
pub(crate) use self::mutex::RecordedMutex;
pub(crate) use self::patience::Patience;
pub(crate) use self::rwlock::RecordedRwLock;
pub(crate) use self::shadow::__syncscope::instrumented_sync::raw::{
    Blocked, Identity, Kind, Mode, Site, site,
};
pub(crate) use self::spinning::Spinning;

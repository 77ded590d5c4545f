//! A wait.

use crate::raw::Site;
use crate::rt::hook::{self, Waited, Waiting, wait};

/// A wait for anything but a lock; over when dropped.
#[must_use]
#[derive(Debug)]
pub struct Waits {
    _waiting: Waiting,
}

impl Waits {
    /// The thread is about to park.
    ///
    /// # Panics
    ///
    /// When this completes a deadlock and the chosen response is to panic.
    #[cold]
    pub fn parks(is_timed: bool, site: Site) -> Self {
        Self::begin(wait::PARK, Waited::Nothing, is_timed, site)
    }

    /// The thread is about to wait; `kind` and `object` are as in [`hook::waiting`].
    #[cold]
    pub(crate) fn begin(kind: u32, object: Waited<'_>, is_timed: bool, site: Site) -> Self {
        let kind = kind | if is_timed { wait::TIMED } else { 0 };
        Self { _waiting: hook::waiting(kind, object, site) }
    }
}

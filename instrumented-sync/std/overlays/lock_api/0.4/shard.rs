//! One reader-writer lock of a group, such as a shard of a map, taken because of a key.

use super::{Group, Identity, Mode, RecordedRwLock, Site, site};
use crate::RawRwLock;

impl<R> RecordedRwLock<R> {
    /// One lock of a group; the place becomes the creation site.
    #[inline]
    pub const fn in_group(real: R, site: Site, group: Group, index: usize) -> Self {
        let identity = Identity::in_group(site, group, index);
        Self { identity, right: Identity::at(site), real }
    }
}

impl<R: RawRwLock> RecordedRwLock<R> {
    #[inline]
    #[track_caller]
    pub(crate) fn lock_shared_by_key(&self) {
        let real = &self.real;
        self.acquire(Mode::Shared, site(), || real.try_lock_shared(), || real.lock_shared());
    }

    #[inline]
    #[track_caller]
    pub(crate) fn lock_exclusive_by_key(&self) {
        let (real, mode) = (&self.real, Mode::Exclusive);
        self.acquire(mode, site(), || real.try_lock_exclusive(), || real.lock_exclusive());
    }
}

/// Attempts after the first one, each after twice as many turns as the one before.
const SPINS: u32 = 5;

/// Tries again for about as long as telling of a wait takes.
#[cold]
pub(super) fn spin(attempt: &impl Fn() -> bool) -> bool {
    (1..=SPINS).any(|round| {
        (0..1 << round).for_each(|_| core::hint::spin_loop());
        attempt()
    })
}

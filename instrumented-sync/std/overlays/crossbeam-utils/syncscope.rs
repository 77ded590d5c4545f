//! What parkers, wait groups and sharded locks tell the runtime.

extern crate std as shadow;

use self::plain::{LockResult, TryLockError, TryLockResult};

pub(crate) use self::shadow::__syncscope::instrumented_sync::hand_over::{Channel, Parker};
pub(crate) use self::shadow::__syncscope::instrumented_sync::raw::{
    Identity, Kind, Mode, Site, plain, site,
};

/// A wait group: its clones end as the senders of a channel do.
pub(crate) fn group(site: Site) -> Channel {
    Channel::new(Kind::WAIT_GROUP, false, site)
}

/// What an attempt has acquired.
fn acquired<G>(tried: TryLockResult<G>) -> Option<LockResult<G>> {
    match tried {
        Ok(guard) => Some(Ok(guard)),
        Err(TryLockError::Poisoned(error)) => Some(Err(error)),
        Err(TryLockError::WouldBlock) => None,
    }
}

fn lock<G>(
    lock: &Identity,
    mode: Mode,
    site: Site,
    attempt: impl FnOnce() -> TryLockResult<G>,
    block: impl FnOnce() -> LockResult<G>,
) -> LockResult<G> {
    lock.acquire(Kind::RWLOCK, mode, site, || acquired(attempt()), block)
}

fn try_lock<G>(
    lock: &Identity,
    mode: Mode,
    site: Site,
    attempt: impl FnOnce() -> TryLockResult<G>,
) -> TryLockResult<G> {
    match lock.try_acquire(Kind::RWLOCK, mode, site, || acquired(attempt())) {
        Some(result) => result.map_err(TryLockError::Poisoned),
        None => Err(TryLockError::WouldBlock),
    }
}

macro_rules! modes {
    ($($mode:ident: $lock:ident, $try_lock:ident;)+) => {$(
        pub(crate) fn $lock<G>(
            identity: &Identity,
            site: Site,
            attempt: impl FnOnce() -> TryLockResult<G>,
            block: impl FnOnce() -> LockResult<G>,
        ) -> LockResult<G> {
            lock(identity, Mode::$mode, site, attempt, block)
        }

        pub(crate) fn $try_lock<G>(
            identity: &Identity,
            site: Site,
            attempt: impl FnOnce() -> TryLockResult<G>,
        ) -> TryLockResult<G> {
            try_lock(identity, Mode::$mode, site, attempt)
        }
    )+};
}

modes! {
    Shared: read, try_read;
    Exclusive: write, try_write;
}

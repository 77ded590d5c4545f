//! Attempts with pauses between them.

use super::backoff::Backoff;
use super::limit::Limit;
use std::sync::{TryLockError, TryLockResult};

/// Attempts until one gives an answer or the limit is reached.
pub(crate) fn attempt<G>(
    limit: Limit,
    mut attempt: impl FnMut() -> TryLockResult<G>,
) -> TryLockResult<G> {
    let mut backoff = Backoff::until(limit);
    loop {
        match attempt() {
            Err(TryLockError::WouldBlock) if backoff.pause() => {}
            result => return result,
        }
    }
}

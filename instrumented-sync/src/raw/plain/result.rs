//! Results of std's, with guards of ours.

use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};

/// std's result, with the guard in ours.
pub(super) fn wrapped<R, G>(result: LockResult<R>, guard: impl FnOnce(R) -> G) -> LockResult<G> {
    match result {
        Ok(real) => Ok(guard(real)),
        Err(poisoned) => Err(PoisonError::new(guard(poisoned.into_inner()))),
    }
}

/// As [`wrapped`], of an attempt.
pub(super) fn tried<R, G>(
    result: TryLockResult<R>,
    guard: impl FnOnce(R) -> G,
) -> TryLockResult<G> {
    match result {
        Ok(real) => Ok(guard(real)),
        Err(TryLockError::Poisoned(poisoned)) => {
            Err(PoisonError::new(guard(poisoned.into_inner())).into())
        }
        Err(TryLockError::WouldBlock) => Err(TryLockError::WouldBlock),
    }
}

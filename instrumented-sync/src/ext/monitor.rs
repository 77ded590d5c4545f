//! The common core: a state that one thread at a time looks at, and waits for changes of it.
//!
//! This is the monitor of C. A. R. Hoare ("Monitors: an operating system structuring concept", 1974) in the form that
//! Mesa gave it: who is woken looks again, since another thread may have been faster.

use super::hook::{self, Waited};
use crate::limits::Limit;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A state behind a mutex. No code of the user runs while it is locked.
#[derive(Debug)]
pub(super) struct Monitor<S> {
    state: Mutex<S>,
}

/// What is published while a thread waits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Published<'a> {
    /// One of [`hook::wait`].
    pub(super) kind: u32,
    /// What is waited for.
    pub(super) object: Waited<'a>,
    /// The user's call.
    pub(super) site: hook::Site,
}

impl<S> Monitor<S> {
    pub(super) const fn new(state: S) -> Self {
        Self { state: Mutex::new(state) }
    }

    /// Locks the state. Nothing can panic halfway through a change, so a poisoned state would be a good one.
    pub(super) fn enter(&self) -> MutexGuard<'_, S> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Attempts until one succeeds, waiting for `changed` in between: `None` when the limit was reached. An attempt that
    /// fails changes nothing.
    pub(super) fn sleep<R>(
        &self,
        changed: &Condvar,
        limit: Limit,
        mut attempt: impl FnMut(&mut S) -> Option<R>,
    ) -> Option<R> {
        let mut state = self.enter();
        loop {
            if let Some(result) = attempt(&mut state) {
                return Some(result);
            }
            // After a timed wait there is one more attempt: a wake-up that came with the limit is not lost.
            let left = limit.left()?;
            state = changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Attempts once; then publishes the wait and goes on like [`sleep`](Self::sleep). The state is not locked while the
    /// wait is published: that may allocate, and the program's allocator may be a user of this very object.
    pub(super) fn wait<R>(
        &self,
        changed: &Condvar,
        limit: Limit,
        published: Published<'_>,
        mut attempt: impl FnMut(&mut S) -> Option<R>,
    ) -> Option<R> {
        let first = attempt(&mut self.enter());
        if first.is_some() {
            return first;
        }
        limit.left()?;
        let Published { kind, object, site } = published;
        let _waiting = hook::waiting(hook::kind(kind, limit), object, site);
        self.sleep(changed, limit, attempt)
    }
}

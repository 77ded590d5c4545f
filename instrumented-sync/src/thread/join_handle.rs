//! `JoinHandle`.

use super::Thread;
use crate::rt::hook::{self, Child, OfStd, Order};
use std::fmt;
use std::panic::Location;
use std::thread::{self as real, Result};

/// The right to join a thread: [`std::thread::JoinHandle`], recorded. Dropping it detaches the thread.
pub struct JoinHandle<T> {
    child: OfStd<Child>,
    thread: OfStd<Thread>,
    inner: OfStd<real::JoinHandle<T>>,
}

impl<T> JoinHandle<T> {
    pub(super) fn new(child: Child, inner: real::JoinHandle<T>) -> Self {
        let thread = OfStd::new(Thread::new(inner.thread().clone(), child.number()));
        Self { child: OfStd::new(child), thread, inner: OfStd::new(inner) }
    }

    /// A handle to the thread.
    #[must_use]
    pub fn thread(&self) -> &Thread {
        &self.thread
    }

    /// Blocks until the thread has ended, and returns its result.
    ///
    /// Recorded: the wait, which is checked for a deadlock, and the order it establishes.
    ///
    /// # Errors
    ///
    /// The thread panicked. The error is what it panicked with.
    ///
    /// # Panics
    ///
    /// As std's, and when this call completes a deadlock and the chosen response is to panic.
    #[track_caller]
    pub fn join(self) -> Result<T> {
        let site = Location::caller();
        let Self { child, inner, .. } = self;
        // Also when its closure has ended: destructors of its thread locals may still need a lock.
        let waiting = child.joining(site);
        let result = hook::in_std(Order::ByHooks, || inner.into_inner().join());
        drop(waiting);
        child.joined(site);
        result
    }

    /// Whether the thread's closure has ended. Never blocks.
    ///
    /// Recorded: that it was asked, so that a join which follows is none of every schedule.
    pub fn is_finished(&self) -> bool {
        self.child.asked();
        self.inner.is_finished()
    }

    /// std's handle.
    pub(super) fn real(&self) -> &real::JoinHandle<T> {
        &self.inner
    }

    /// std's handle, alone.
    pub(super) fn into_real(self) -> real::JoinHandle<T> {
        self.inner.into_inner()
    }
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (*self.inner).fmt(f)
    }
}

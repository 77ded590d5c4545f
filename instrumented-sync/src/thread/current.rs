//! `Thread` and `current`.

use crate::rt::hook;
use std::fmt;
use std::panic::Location;
use std::thread::{self as real, ThreadId};

/// A handle to a thread: [`std::thread::Thread`], recorded: its number ties an `unpark` to the thread that parks.
#[derive(Clone)]
pub struct Thread {
    inner: real::Thread,
    number: u32,
}

/// A handle to the calling thread. Nothing is recorded.
#[must_use]
pub fn current() -> Thread {
    Thread::new(real::current(), hook::current_number())
}

impl Thread {
    pub(super) fn new(inner: real::Thread, number: u32) -> Self {
        Self { inner, number }
    }

    /// Lets the thread return from its current or next [`park`](super::park). Recorded.
    #[inline]
    #[track_caller]
    pub fn unpark(&self) {
        hook::unparked(self.number, Location::caller());
        self.inner.unpark();
    }

    /// The thread's identifier, unique in this process.
    #[must_use]
    pub fn id(&self) -> ThreadId {
        self.inner.id()
    }

    /// The thread's name, if it has one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.inner.name()
    }
}

impl fmt::Debug for Thread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

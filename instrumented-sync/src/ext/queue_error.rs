//! What a `Queue` says when it cannot put or get.

use std::error::Error;
use std::fmt;

/// A [`Queue`](super::Queue) had no room, or none in time. Contains the item that was not put.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Full<T>(pub T);

/// A [`Queue`](super::Queue) had no item, or none in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Empty;

impl<T> Full<T> {
    /// The item that was not put.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Full<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Full").finish_non_exhaustive()
    }
}

impl<T> fmt::Display for Full<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("putting into a full queue")
    }
}

impl fmt::Display for Empty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("getting from an empty queue")
    }
}

impl<T> Error for Full<T> {}

impl Error for Empty {}

//! `AtomicPtr`.

use super::operations::operations;
use crate::rt::hook::{AtomicTrack, Exclusive};
use std::fmt;
use std::panic::Location;
use std::sync::atomic::{self as real, Ordering};

/// [`std::sync::atomic::AtomicPtr`], modelled.
///
/// Storing a pointer publishes what it leads to: tracked cells in there that nobody has accessed yet count as written by
/// the thread that stores, before it stores.
pub struct AtomicPtr<T> {
    track: AtomicTrack,
    inner: real::AtomicPtr<T>,
}

operations!(
    [T] AtomicPtr<T>, *mut T, real::AtomicPtr<T>,
    |pointer: *mut T| (pointer.addr(), size_of::<T>()), enter_publishing
);

impl<T> Default for AtomicPtr<T> {
    /// A null pointer.
    fn default() -> Self {
        Self::new(std::ptr::null_mut())
    }
}

impl<T> fmt::Pointer for AtomicPtr<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Pointer::fmt(&self.inner, f)
    }
}

//! `AtomicBool`.

use super::operations::{fetches, operations};
use crate::rt::hook::{AtomicTrack, Exclusive};
use std::fmt;
use std::panic::Location;
use std::sync::atomic::{self as real, Ordering};

/// [`std::sync::atomic::AtomicBool`], modelled.
#[derive(Default)]
pub struct AtomicBool {
    track: AtomicTrack,
    inner: real::AtomicBool,
}

operations!([] AtomicBool, bool, real::AtomicBool, |_| (0, 0), enter);
fetches!(
    AtomicBool, bool,
    /// "And"; returns the old value.
    fetch_and,
    /// "Nand"; returns the old value.
    fetch_nand,
    /// "Or"; returns the old value.
    fetch_or,
    /// "Xor"; returns the old value.
    fetch_xor,
);

impl AtomicBool {
    /// "Not"; returns the old value.
    #[inline]
    #[track_caller]
    pub fn fetch_not(&self, order: Ordering) -> bool {
        self.fetch_xor(true, order)
    }
}

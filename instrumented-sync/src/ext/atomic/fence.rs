//! Fences.

use crate::rt::hook;
use std::sync::atomic::{self as real, Ordering};

/// A fence: [`std::sync::atomic::fence`], modelled.
///
/// # Panics
///
/// As std's: when the ordering is `Relaxed`.
#[inline]
pub fn fence(order: Ordering) {
    real::fence(order);
    hook::fence(order);
}

/// A fence for the compiler: [`std::sync::atomic::compiler_fence`]. It orders nothing between threads.
///
/// # Panics
///
/// As std's: when the ordering is `Relaxed`.
#[inline]
pub fn compiler_fence(order: Ordering) {
    real::compiler_fence(order);
}

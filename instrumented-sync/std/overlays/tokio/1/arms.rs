//! Futures that a task polls in turn, by the macros.

use core::future::IntoFuture;
use std::__syncscope::instrumented_sync::raw::arm::Arm;

/// One of `join!`.
#[inline]
#[track_caller]
pub fn joined<F: IntoFuture>(future: F) -> Arm<F::IntoFuture> {
    Arm::joined(future.into_future())
}

/// One of `select!`, or of `try_join!`.
#[inline]
#[track_caller]
pub fn any<F: IntoFuture>(future: F) -> Arm<F::IntoFuture> {
    Arm::any(future.into_future())
}

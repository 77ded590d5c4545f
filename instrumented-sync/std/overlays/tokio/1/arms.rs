//! Futures that a task polls in turn, by the macros.

use core::future::IntoFuture;
use std::__syncscope::instrumented_sync::raw::arm::Arm;

/// One of `join!`.
#[inline]
#[track_caller]
pub fn joined<F: IntoFuture>(future: F) -> Arm<F::IntoFuture> {
    Arm::joined(future.into_future())
}

/// Whether this one ends after a time, so that it ends the others of a `select!`.
pub fn ends_in_time<F>(_: &Arm<F>) -> bool {
    let mut name = core::any::type_name::<F>();
    for pointer in ["&mut ", "core::pin::Pin<", "alloc::boxed::Box<", "&mut "] {
        name = name.strip_prefix(pointer).unwrap_or(name);
    }
    ["tokio::time::sleep::Sleep", "tokio::time::timeout::Timeout<"]
        .iter()
        .any(|time| name.starts_with(time))
}

/// One of `select!`, or of `try_join!`.
#[inline]
#[track_caller]
pub fn any<F: IntoFuture>(future: F) -> Arm<F::IntoFuture> {
    Arm::any(future.into_future())
}

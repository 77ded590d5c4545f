//! `spawn`, and what surrounds the closure of every thread.

use super::{Builder, JoinHandle};
use crate::rt::hook::Child;

/// Starts a thread. Recorded, with the caller's place as the thread's spawn site.
///
/// # Panics
///
/// When the system cannot start a thread. [`Builder::spawn`] returns an error instead.
#[track_caller]
pub fn spawn<F, T>(f: F) -> JoinHandle<T>
where
    F: FnOnce() -> T,
    F: Send + 'static,
    T: Send + 'static,
{
    Builder::new().spawn(f).expect("failed to spawn thread")
}

/// `f`, recorded as the body of `child`: its start, and its end by return or panic.
pub(super) fn body<T>(child: Child, f: impl FnOnce() -> T) -> impl FnOnce() -> T {
    move || {
        let _running = child.start();
        f()
    }
}

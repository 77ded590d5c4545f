//! `spawn`.

use super::{Builder, JoinHandle};

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

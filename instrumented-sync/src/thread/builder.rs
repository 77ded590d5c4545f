//! `Builder`.

use super::JoinHandle;
use super::body::body;
use crate::rt::hook::{self, Child, Order};
use std::fmt;
use std::io;
use std::panic::Location;
use std::thread as real;

/// The settings of a thread to be started: [`std::thread::Builder`], recorded.
#[must_use = "must eventually spawn the thread"]
pub struct Builder {
    pub(super) inner: real::Builder,
    /// The real one does not tell.
    name: Option<String>,
}

impl Builder {
    /// The default settings: no name, the platform's stack size.
    #[expect(clippy::new_without_default, reason = "as in std")]
    pub fn new() -> Builder {
        Builder { inner: real::Builder::new(), name: None }
    }

    /// Names the thread, for panics and reports.
    pub fn name(self, name: String) -> Builder {
        Builder { inner: self.inner.name(name.clone()), name: Some(name) }
    }

    /// Sets the thread's stack size, in bytes.
    pub fn stack_size(self, size: usize) -> Builder {
        Builder { inner: self.inner.stack_size(size), name: self.name }
    }

    /// Starts the thread. Recorded, with the caller's place as the thread's spawn site.
    ///
    /// # Errors
    ///
    /// The system cannot start a thread.
    ///
    /// # Panics
    ///
    /// When the name contains a zero byte.
    #[track_caller]
    pub fn spawn<F, T>(self, f: F) -> io::Result<JoinHandle<T>>
    where
        F: FnOnce() -> T,
        F: Send + 'static,
        T: Send + 'static,
    {
        let child = self.forking(0, Location::caller());
        let body = body(child.clone(), f);
        let inner = hook::in_std(Order::ByHooks, || self.inner.spawn(body))?;
        Ok(JoinHandle::new(child, inner))
    }

    /// As [`spawn`](Self::spawn), without the bound that what the closure borrows outlives the thread.
    ///
    /// # Safety
    ///
    /// As [`std::thread::Builder::spawn_unchecked`]: the thread must end before anything that `f` or its result
    /// borrows does. Joining the handle proves that.
    ///
    /// # Errors
    ///
    /// The system cannot start a thread.
    ///
    /// # Panics
    ///
    /// When the name contains a zero byte.
    #[track_caller]
    pub unsafe fn spawn_unchecked<F, T>(self, f: F) -> io::Result<JoinHandle<T>>
    where
        F: FnOnce() -> T,
        F: Send,
        T: Send,
    {
        let child = self.forking(0, Location::caller());
        let body = body(child.clone(), f);
        // SAFETY: the caller keeps the real function's contract for `f`; what surrounds it borrows nothing.
        let inner = hook::in_std(Order::ByHooks, || unsafe { self.inner.spawn_unchecked(body) })?;
        Ok(JoinHandle::new(child, inner))
    }

    pub(super) fn forking(&self, scope: u32, site: hook::Site) -> Child {
        hook::forking(self.name.as_deref(), scope, site)
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

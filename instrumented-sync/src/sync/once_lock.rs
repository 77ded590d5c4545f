//! `OnceLock`.

use super::attempt::Attempt;
use crate::rt::hook::{self, Site, Waited, primitive, wait};
use crate::rt::meta::{Desc, Meta};
use std::fmt;
use std::panic::Location;
use std::sync as real;

/// A cell that is written once: [`std::sync::OnceLock`], recorded.
///
/// While an initialiser runs, this is recorded as held by its thread, so an order that only exists through an
/// initialisation is seen, and so is a cell that is used by its own initialiser.
pub struct OnceLock<T> {
    pub(crate) meta: Meta,
    inner: real::OnceLock<T>,
}

impl<T> OnceLock<T> {
    const DESC: &'static Desc = &Desc::of::<T>(primitive::ONCE_LOCK);

    /// A new, empty cell. The caller's place becomes its creation site.
    #[inline]
    #[must_use]
    #[track_caller]
    pub const fn new() -> OnceLock<T> {
        OnceLock { meta: Meta::new(), inner: real::OnceLock::new() }
    }

    /// The value, if there is one. Never blocks; nothing is recorded.
    #[inline]
    pub fn get(&self) -> Option<&T> {
        let value = self.inner.get();
        if value.is_some() {
            hook::completed_seen(&self.meta, Self::DESC);
        }
        value
    }

    /// The value, if there is one. Nothing is recorded.
    #[inline]
    pub fn get_mut(&mut self) -> Option<&mut T> {
        self.inner.get_mut()
    }

    /// Blocks until there is a value.
    ///
    /// Recorded: the wait, which is checked for a deadlock.
    ///
    /// # Panics
    ///
    /// When this call completes a deadlock and the chosen response is to panic.
    #[inline]
    #[track_caller]
    pub fn wait(&self) -> &T {
        let site = Location::caller();
        if self.inner.get().is_none() {
            let object = Waited::Object(&self.meta, Self::DESC);
            let _waiting = hook::waiting(wait::ONCE_WAIT, object, site);
            self.inner.wait();
        }
        hook::used(&self.meta, Self::DESC, site);
        self.inner.wait()
    }

    /// Sets the value if there is none; blocks while another thread initialises.
    ///
    /// Recorded as [`get_or_init`](Self::get_or_init).
    ///
    /// # Errors
    ///
    /// There was a value already: the given one is handed back.
    ///
    /// # Panics
    ///
    /// When this call completes a deadlock and the chosen response is to panic.
    #[inline]
    #[track_caller]
    pub fn set(&self, value: T) -> Result<(), T> {
        let mut value = Some(value);
        self.get_or_init(|| value.take().expect("an initialiser runs at most once"));
        match value {
            None => Ok(()),
            Some(value) => Err(value),
        }
    }

    /// The value, which `f` makes if there is none; blocks while another thread initialises.
    ///
    /// Recorded: the run of `f`, or the wait for the other thread, which is checked for a deadlock.
    ///
    /// # Panics
    ///
    /// When `f` does, and when this call completes a deadlock and the chosen response is to panic.
    #[inline]
    #[track_caller]
    pub fn get_or_init<F>(&self, f: F) -> &T
    where
        F: FnOnce() -> T,
    {
        let site = Location::caller();
        match self.inner.get() {
            Some(value) => {
                hook::used(&self.meta, Self::DESC, site);
                value
            }
            None => self.initialise(site, f),
        }
    }

    /// Consumes the cell and returns its value. Nothing is recorded.
    #[inline]
    pub fn into_inner(self) -> Option<T> {
        self.inner.into_inner()
    }

    /// Takes the value out; the cell can be initialised again. Nothing is recorded.
    #[inline]
    pub fn take(&mut self) -> Option<T> {
        self.inner.take()
    }

    #[cold]
    fn initialise(&self, site: Site, f: impl FnOnce() -> T) -> &T {
        let mut attempt = Attempt::begin(&self.meta, Self::DESC, site);
        let value = self.inner.get_or_init(|| {
            let _initialising = attempt.initialising();
            f()
        });
        attempt.finish();
        value
    }
}

impl<T> Default for OnceLock<T> {
    /// As [`OnceLock::new`].
    #[inline]
    #[track_caller]
    fn default() -> OnceLock<T> {
        OnceLock::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for OnceLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

impl<T: Clone> Clone for OnceLock<T> {
    /// A new cell, created at the caller's place, with a clone of the value.
    #[inline]
    #[track_caller]
    fn clone(&self) -> OnceLock<T> {
        OnceLock { meta: Meta::new(), inner: self.inner.clone() }
    }
}

impl<T> From<T> for OnceLock<T> {
    /// A new cell, created at the caller's place, with `value`.
    #[inline]
    #[track_caller]
    fn from(value: T) -> Self {
        OnceLock { meta: Meta::new(), inner: real::OnceLock::from(value) }
    }
}

impl<T: PartialEq> PartialEq for OnceLock<T> {
    #[inline]
    fn eq(&self, other: &OnceLock<T>) -> bool {
        self.inner == other.inner
    }
}

impl<T: Eq> Eq for OnceLock<T> {}

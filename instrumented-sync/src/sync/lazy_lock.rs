//! `LazyLock`.

use super::attempt::{self, Attempt};
use crate::rt::hook::{self, Site, primitive};
use crate::rt::meta::{Desc, Meta};
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync as real;

/// A value that is made at its first use: [`std::sync::LazyLock`], recorded.
///
/// While its function runs, this is recorded as held by its thread, so an order that only exists through an
/// initialisation is seen, and so is a value that is used by its own function.
pub struct LazyLock<T, F = fn() -> T> {
    pub(crate) meta: Meta,
    /// Decides which thread runs the function; the real type offers no place for code around the function. Completed
    /// only after the real one is, unless that was forced by an exclusive borrow.
    gate: real::Once,
    inner: real::LazyLock<T, F>,
}

impl<T, F> LazyLock<T, F> {
    const DESC: &'static Desc = &Desc::of::<T>(primitive::LAZY_LOCK);

    /// The value, if it has been made. Never blocks; nothing is recorded.
    #[inline]
    pub fn get(this: &LazyLock<T, F>) -> Option<&T> {
        let value = real::LazyLock::get(&this.inner);
        if value.is_some() {
            hook::completed_seen(&this.meta, Self::DESC);
        }
        value
    }

    /// The value, if it has been made. Nothing is recorded.
    #[inline]
    pub fn get_mut(this: &mut LazyLock<T, F>) -> Option<&mut T> {
        real::LazyLock::get_mut(&mut this.inner)
    }
}

impl<T, F: FnOnce() -> T> LazyLock<T, F> {
    /// A new value that `f` makes at its first use. The caller's place becomes its creation site.
    #[inline]
    #[track_caller]
    pub const fn new(f: F) -> LazyLock<T, F> {
        LazyLock { meta: Meta::new(), gate: real::Once::new(), inner: real::LazyLock::new(f) }
    }

    /// The value, made now if it has not been; blocks while another thread makes it.
    ///
    /// Recorded: the run of the function, or the wait for the other thread, which is checked for a deadlock.
    ///
    /// # Panics
    ///
    /// As std's: when the function does, now or earlier. Also when this call completes a deadlock and the chosen
    /// response is to panic.
    #[inline]
    #[track_caller]
    pub fn force(this: &LazyLock<T, F>) -> &T {
        let site = Location::caller();
        match real::LazyLock::get(&this.inner) {
            Some(value) => {
                hook::used(&this.meta, Self::DESC, site);
                value
            }
            None => this.initialise(site),
        }
    }

    /// The value, made now if it has not been.
    ///
    /// Recorded: the run of the function.
    ///
    /// # Panics
    ///
    /// As std's: when the function does, now or earlier.
    #[inline]
    #[track_caller]
    pub fn force_mut(this: &mut LazyLock<T, F>) -> &mut T {
        let Self { meta, inner, .. } = this;
        if real::LazyLock::get(inner).is_some() {
            return real::LazyLock::force_mut(inner);
        }
        attempt::initialise(meta, Self::DESC, Location::caller(), || {
            real::LazyLock::force_mut(inner)
        })
    }

    #[cold]
    fn initialise(&self, site: Site) -> &T {
        let mut attempt = Attempt::begin(&self.meta, Self::DESC, site);
        // Also after a panic of the function: the real one then panics with its own message.
        self.gate.call_once_force(|_| {
            let _initialising = attempt.initialising();
            real::LazyLock::force(&self.inner);
        });
        attempt.finish();
        real::LazyLock::force(&self.inner)
    }
}

impl<T, F: FnOnce() -> T> Deref for LazyLock<T, F> {
    type Target = T;

    /// As [`LazyLock::force`].
    #[inline]
    #[track_caller]
    fn deref(&self) -> &T {
        LazyLock::force(self)
    }
}

impl<T, F: FnOnce() -> T> DerefMut for LazyLock<T, F> {
    /// As [`LazyLock::force_mut`].
    #[inline]
    #[track_caller]
    fn deref_mut(&mut self) -> &mut T {
        LazyLock::force_mut(self)
    }
}

impl<T: Default> Default for LazyLock<T> {
    /// As [`LazyLock::new`] of `T::default`.
    #[inline]
    #[track_caller]
    fn default() -> LazyLock<T> {
        LazyLock::new(T::default)
    }
}

impl<T: fmt::Debug, F> fmt::Debug for LazyLock<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

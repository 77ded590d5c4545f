//! `Once`.

use super::attempt;
use crate::rt::hook::{self, Waited, primitive, wait};
use crate::rt::object::meta::{Desc, Meta};
use std::fmt;
use std::panic::Location;
use std::sync as real;
use std::sync::OnceState;

/// A one-time initialisation: [`std::sync::Once`], recorded.
///
/// While the initialiser runs, this is recorded as held by its thread, so an order that only exists through an
/// initialisation is seen, and so is a `Once` that is used by its own initialiser.
pub struct Once {
    pub(crate) meta: Meta,
    inner: real::Once,
}

/// An unused [`Once`] without a creation site.
#[deprecated(since = "1.38.0", note = "the `Once::new()` function is now preferred")]
#[expect(clippy::declare_interior_mutable_const, reason = "std offers it in this form")]
pub const ONCE_INIT: Once = Once { meta: Meta::unknown(), inner: real::Once::new() };

impl Once {
    const DESC: &'static Desc = &Desc::of::<()>(primitive::ONCE);

    /// A new `Once`. The caller's place becomes its creation site.
    #[inline]
    #[must_use]
    #[track_caller]
    #[expect(clippy::new_without_default, reason = "as in std")]
    pub const fn new() -> Once {
        Once { meta: Meta::new(), inner: real::Once::new() }
    }

    /// Runs `f` if nothing ran here yet; blocks while another thread runs its own.
    ///
    /// Recorded: the run of `f`, or the wait for the other thread, which is checked for a deadlock.
    ///
    /// # Panics
    ///
    /// As std's: when `f` does, and when an earlier initialiser panicked. Also when this call completes a deadlock and
    /// the chosen response is to panic.
    #[inline]
    #[track_caller]
    pub fn call_once<F>(&self, f: F)
    where
        F: FnOnce(),
    {
        let mut f = Some(f);
        if self.is_passed() {
            return;
        }
        attempt::call_once(&self.inner, &self.meta, Self::DESC, &mut f);
    }

    /// As [`call_once`](Self::call_once), but also runs `f` after an earlier initialiser panicked.
    ///
    /// # Panics
    ///
    /// As std's: when `f` does. Also when this call completes a deadlock and the chosen response is to panic.
    #[inline]
    #[track_caller]
    pub fn call_once_force<F>(&self, f: F)
    where
        F: FnOnce(&OnceState),
    {
        let mut f = Some(f);
        if self.is_passed() {
            return;
        }
        attempt::call_once_force(&self.inner, &self.meta, Self::DESC, &mut f);
    }

    /// Whether an initialiser has completed. Nothing is recorded.
    #[inline]
    pub fn is_completed(&self) -> bool {
        let is_completed = self.inner.is_completed();
        if is_completed {
            hook::completed_seen(&self.meta, Self::DESC);
        }
        is_completed
    }

    /// Whether an initialiser has completed, which is recorded as a use.
    #[inline]
    #[track_caller]
    fn is_passed(&self) -> bool {
        let is_completed = self.inner.is_completed();
        if is_completed {
            hook::used(&self.meta, Self::DESC, Location::caller());
        }
        is_completed
    }

    /// Blocks until an initialiser has completed.
    ///
    /// Recorded: the wait, which is checked for a deadlock.
    ///
    /// # Panics
    ///
    /// As std's: when an initialiser panicked. Also when this call completes a deadlock and the chosen response is to
    /// panic.
    #[track_caller]
    pub fn wait(&self) {
        let site = Location::caller();
        if !self.inner.is_completed() {
            let object = Waited::Object(&self.meta, Self::DESC);
            let _waiting = hook::waiting(wait::ONCE_WAIT, object, site);
            self.inner.wait();
        }
        hook::used(&self.meta, Self::DESC, site);
    }

    /// As [`wait`](Self::wait), but ignores initialisers that panic.
    ///
    /// # Panics
    ///
    /// When this call completes a deadlock and the chosen response is to panic.
    #[track_caller]
    pub fn wait_force(&self) {
        let site = Location::caller();
        if !self.inner.is_completed() {
            let object = Waited::Object(&self.meta, Self::DESC);
            let _waiting = hook::waiting(wait::ONCE_WAIT, object, site);
            self.inner.wait_force();
        }
        hook::used(&self.meta, Self::DESC, site);
    }
}

impl fmt::Debug for Once {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

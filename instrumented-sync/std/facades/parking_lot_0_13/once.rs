//! `Once`.

use crate::original::{self, OnceState};
use crate::raw::{Identity, site};
use std::fmt;

/// See the original.
pub struct Once {
    identity: Identity,
    real: original::Once,
}

impl Once {
    /// See the original. The caller's place becomes the creation site.
    #[inline]
    #[track_caller]
    pub const fn new() -> Once {
        Once { identity: Identity::here(), real: original::Once::new() }
    }

    /// See the original. The caller's place becomes the creation site.
    #[inline]
    #[track_caller]
    pub const fn new_completed() -> Once {
        Once { identity: Identity::here(), real: original::Once::new_completed() }
    }

    /// See the original.
    #[inline]
    pub fn is_completed(&self) -> bool {
        self.real.is_completed()
    }

    /// See the original.
    #[inline]
    #[track_caller]
    pub fn wait(&self) {
        self.identity.wait_done(site(), self.real.is_completed(), || self.real.wait());
    }

    /// See the original.
    #[inline]
    #[track_caller]
    pub fn wait_force(&self) {
        self.identity.wait_done(site(), self.real.is_completed(), || self.real.wait_force());
    }

    /// See the original.
    #[inline]
    pub fn state(&self) -> OnceState {
        self.real.state()
    }

    /// See the original.
    #[inline]
    #[track_caller]
    pub fn call_once<F>(&self, f: F)
    where
        F: FnOnce(),
    {
        let site = site();
        if self.real.is_completed() {
            return self.identity.used(site);
        }
        self.identity.initialise(site, |here| self.real.call_once(|| here.run(f)));
    }

    /// See the original.
    #[inline]
    #[track_caller]
    pub fn call_once_force<F>(&self, f: F)
    where
        F: FnOnce(OnceState),
    {
        let site = site();
        if self.real.is_completed() {
            return self.identity.used(site);
        }
        let call = |state, here: &mut crate::raw::Initialising<'_>| here.run(|| f(state));
        self.identity.initialise(site, |here| self.real.call_once_force(|state| call(state, here)));
    }
}

impl Default for Once {
    #[inline]
    #[track_caller]
    fn default() -> Once {
        Once::new()
    }
}

impl fmt::Debug for Once {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.real.fmt(f)
    }
}

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
        if self.real.state().done() {
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
        if self.real.state().done() {
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

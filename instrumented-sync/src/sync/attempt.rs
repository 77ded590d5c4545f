//! How the `Once` family is recorded: an attempt to initialise either runs the initialiser or waits for another's.

use crate::rt::hook::{self, Blocked, Site, access, wait};
use crate::rt::meta::{Desc, Meta};

/// A thread's attempt to initialise something of the `Once` family, from before it may block until it is done.
///
/// Which of the two it will be is std's decision, taken inside the real call. So the wait is published first; if the
/// real call picks this thread to run the initialiser, the wait is withdrawn before any code of the user runs.
#[derive(Debug)]
pub(crate) struct Attempt<'a> {
    meta: &'a Meta,
    desc: &'static Desc,
    site: Site,
    /// `None` once the initialiser runs here.
    wait: Option<Blocked<'a>>,
}

impl<'a> Attempt<'a> {
    /// Publishes the wait.
    ///
    /// # Panics
    ///
    /// As [`hook::blocking`].
    #[cold]
    pub(crate) fn begin(meta: &'a Meta, desc: &'static Desc, site: Site) -> Self {
        let wait = hook::blocking(meta, desc, access::INIT, wait::ONCE, site);
        Self { meta, desc, site, wait: Some(wait) }
    }

    /// The initialiser runs here, as long as the result lives; call it inside the real call's closure, and the initialiser there, too: a
    /// function that calls it would be one more frame for each initialiser inside another.
    pub(crate) fn initialising(&mut self) -> Initialising<'a> {
        self.wait = None;
        hook::acquired(self.meta, self.desc, access::INIT, self.site);
        Initialising { meta: self.meta }
    }

    /// The real call has returned. It waited for another thread if it did not run the initialiser here.
    pub(crate) fn finish(&mut self) {
        if let Some(wait) = self.wait.take() {
            drop(wait);
            hook::used(self.meta, self.desc, self.site);
        }
    }
}

/// Runs an initialiser, recorded as holding `meta` until it returns or unwinds.
pub(super) fn initialise<R>(
    meta: &Meta,
    desc: &'static Desc,
    site: Site,
    f: impl FnOnce() -> R,
) -> R {
    hook::initialising(meta, desc);
    hook::acquired(meta, desc, access::INIT, site);
    let _initialising = Initialising { meta };
    f()
}

/// An initialiser that runs.
#[must_use]
#[derive(Debug)]
pub(crate) struct Initialising<'a> {
    meta: &'a Meta,
}

impl Drop for Initialising<'_> {
    fn drop(&mut self) {
        hook::released(self.meta, access::INIT);
    }
}

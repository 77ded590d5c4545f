//! How the `Once` family is recorded: an attempt to initialise either runs the initialiser or waits for another's.

use crate::rt::hook::{self, Site, access, wait};
use crate::rt::object::meta::{Desc, Meta};
use std::panic::Location;
use std::sync as real;
use std::sync::OnceState;

/// A thread's attempt to initialise something of the `Once` family, from before it may block until it is done.
///
/// Which of the two it will be is std's decision, taken inside the real call. So the wait is published first; if the
/// real call picks this thread to run the initialiser, the wait is withdrawn before any code of the user runs. Whether it was
/// is asked of the thread's slot: initialisers nest, and what is kept here is kept once for each of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempt<'a> {
    meta: &'a Meta,
    desc: &'static Desc,
    site: Site,
}

impl<'a> Attempt<'a> {
    /// An attempt by the caller.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn new(meta: &'a Meta, desc: &'static Desc) -> Self {
        Self { meta, desc, site: Location::caller() }
    }

    /// An attempt at a place.
    pub(crate) fn at(meta: &'a Meta, desc: &'static Desc, site: Site) -> Self {
        Self { meta, desc, site }
    }

    /// Publishes the wait, which ends by [`initialising`](Self::initialising) or [`finish`](Self::finish).
    ///
    /// # Panics
    ///
    /// As [`hook::blocking`].
    #[cold]
    #[inline(never)]
    pub(crate) fn begin(&self) {
        hook::about_to!(ONCE, Some(self.meta), self.site);
        std::mem::forget(hook::blocking(self.meta, self.desc, access::INIT, wait::ONCE, self.site));
    }

    /// The initialiser runs here, as long as the result lives; call it inside the real call's closure, and the initialiser there, too: a
    /// function that calls it would be one more frame for each initialiser inside another.
    #[cold]
    pub(crate) fn initialising(&self) -> Initialising<'a> {
        hook::ends_wait_for(self.meta);
        hook::acquired(self.meta, self.desc, access::INIT, self.site);
        Initialising { meta: self.meta }
    }

    /// The real call has returned, or panics. It waited for another thread if it did not run the initialiser here.
    #[cold]
    #[inline(never)]
    pub(crate) fn finish(&self) {
        if hook::ends_wait_for(self.meta) && !std::thread::panicking() {
            hook::used(self.meta, self.desc, self.site);
        }
    }
}

/// An initialiser that runs once at most: an option of its function. No closure around it, which would be kept beside it.
pub(super) trait Initialiser {
    fn run(&mut self);
}

impl<F: FnOnce()> Initialiser for Option<F> {
    fn run(&mut self) {
        if let Some(f) = self.take() {
            f();
        }
    }
}

/// As [`Initialiser`], for a function that is told whether an earlier one panicked.
pub(super) trait ForcedInitialiser {
    fn run(&mut self, state: &OnceState);
}

impl<F: FnOnce(&OnceState)> ForcedInitialiser for Option<F> {
    fn run(&mut self, state: &OnceState) {
        if let Some(f) = self.take() {
            f(state);
        }
    }
}

/// An attempt with a real `Once`, and what is to run there.
struct Call<'a, F: ?Sized> {
    attempt: Attempt<'a>,
    initialiser: &'a mut F,
}

/// The real call may panic instead of running anything.
impl<F: ?Sized> Drop for Call<'_, F> {
    fn drop(&mut self) {
        self.attempt.finish();
    }
}

/// Makes an attempt with a real `Once`. The initialiser is not a type parameter, so all of this is compiled with the runtime: in a
/// program that is not optimised each generic function is a large frame.
///
/// # Panics
///
/// As [`hook::blocking`], the real call and the initialiser.
#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn call_once(
    once: &real::Once,
    meta: &Meta,
    desc: &'static Desc,
    initialiser: &mut dyn Initialiser,
) {
    let call = &mut Call { attempt: Attempt::new(meta, desc), initialiser };
    call.attempt.begin();
    once.call_once(move || {
        let _initialising = call.attempt.initialising();
        call.initialiser.run();
    });
}

/// As [`call_once`], also after an earlier initialiser panicked.
///
/// # Panics
///
/// As [`call_once`].
#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn call_once_force(
    once: &real::Once,
    meta: &Meta,
    desc: &'static Desc,
    initialiser: &mut dyn ForcedInitialiser,
) {
    let call = &mut Call { attempt: Attempt::new(meta, desc), initialiser };
    call.attempt.begin();
    once.call_once_force(move |state| {
        let _initialising = call.attempt.initialising();
        call.initialiser.run(state);
    });
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

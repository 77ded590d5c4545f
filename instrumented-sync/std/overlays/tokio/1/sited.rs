//! The user's place that awaits.

use core::cell::Cell;
use core::future::Future;
use core::marker::PhantomPinned;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::__syncscope::instrumented_sync::raw::{self, Site};

std::thread_local! {
    /// Where this thread blocks on a future, if it does.
    static BLOCKS: Cell<Option<Site>> = const { Cell::new(None) };
}

/// The thread blocks on a future, until the value is dropped.
pub(crate) struct Blocks(Option<Site>);

/// The caller is about to block on a future.
#[inline]
#[track_caller]
pub(crate) fn blocks() -> Blocks {
    Blocks(BLOCKS.replace(Some(raw::site())))
}

impl Drop for Blocks {
    #[inline]
    fn drop(&mut self) {
        BLOCKS.set(self.0);
    }
}

/// The user's place for this one: where the thread blocks on a future, that is also where it is polled.
#[inline]
pub(crate) fn of_user(site: Site) -> Site {
    if raw::root::polls_at(site) { BLOCKS.get().unwrap_or(site) } else { site }
}

/// What is known of the call that is polled.
#[derive(Clone, Copy)]
struct Place {
    /// The user's place; of calls within each other the outermost one's.
    site: Option<Site>,
    /// Whether its guard may go to another task.
    is_owned: bool,
    /// What it awaits is told by the call itself, and not by what it polls.
    is_inside: bool,
}

std::thread_local! {
    /// That of this thread.
    static PLACE: Cell<Place> = const { Cell::new(Place { site: None, is_owned: false, is_inside: false }) };
}

/// A call that is polled for a place.
pub(crate) struct Sited<F> {
    future: F,
    site: Site,
    is_owned: bool,
    /// What an `async fn` returns may never be moved once it was polled, and programs may rest on that.
    _pinned: PhantomPinned,
}

impl<F> Sited<F> {
    #[inline]
    #[track_caller]
    pub(crate) fn new(future: F) -> Self {
        Self::at(raw::site(), future)
    }

    /// For this place.
    #[inline]
    pub(crate) fn at(site: Site, future: F) -> Self {
        Self { future, site, is_owned: false, _pinned: PhantomPinned }
    }

    /// Of a call whose guard owns its lock.
    #[inline]
    #[track_caller]
    pub(crate) fn owned(future: F) -> Self {
        Self { future, site: raw::site(), is_owned: true, _pinned: PhantomPinned }
    }
}

impl<F: Future> Future for Sited<F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        // SAFETY: the future is not moved out of the pinned value.
        let this = unsafe { self.get_unchecked_mut() };
        let _inside = Inside::begin(this.site, this.is_owned);
        // SAFETY: as above.
        unsafe { Pin::new_unchecked(&mut this.future) }.poll(context)
    }
}

/// A call for a place, until the value is dropped.
pub(crate) struct Inside(Place);

impl Inside {
    #[inline]
    fn begin(site: Site, is_owned: bool) -> Self {
        let outer = PLACE.get();
        PLACE.set(Place { site: Some(outer.site.unwrap_or(site)), is_owned, ..outer });
        Self(outer)
    }
}

impl Drop for Inside {
    #[inline]
    fn drop(&mut self) {
        PLACE.set(self.0);
    }
}

/// The caller asks at once for a guard that owns its lock.
#[inline]
#[track_caller]
pub(crate) fn owned() -> Inside {
    Inside::begin(raw::site(), true)
}

/// Something is asked for at this place.
#[inline]
pub(crate) fn at(site: Site) -> Inside {
    Inside::begin(site, false)
}

/// The place that is asked for, and whether the guard owns its lock. Else the caller's.
#[inline]
#[track_caller]
pub(crate) fn place() -> (Site, bool) {
    let place = PLACE.get();
    let caller = raw::site();
    (place.site.unwrap_or_else(|| of_user(caller)), place.is_owned)
}

/// Polls what a call awaits that tells of it itself.
#[inline]
pub(crate) fn within<R>(poll: impl FnOnce() -> R) -> R {
    let outer = PLACE.get();
    PLACE.set(Place { is_inside: true, ..outer });
    let _inside = Inside(outer);
    poll()
}

/// Whether a call is polled that tells itself what it awaits.
#[inline]
pub(crate) fn is_inside() -> bool {
    PLACE.get().is_inside
}

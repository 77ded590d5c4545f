//! The user's place that awaits.

use core::cell::Cell;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::__syncscope::instrumented_sync::raw::{self, Site};

std::thread_local! {
    /// The place of the call that is polled, and whether its guard may go to another task.
    static PLACE: Cell<(Option<Site>, bool)> = const { Cell::new((None, false)) };
}

/// A call that is polled for a place.
pub(crate) struct Sited<F> {
    future: F,
    site: Site,
    is_owned: bool,
}

impl<F> Sited<F> {
    #[inline]
    #[track_caller]
    pub(crate) fn new(future: F) -> Self {
        Self { future, site: raw::site(), is_owned: false }
    }

    /// Of a call whose guard owns its lock.
    #[inline]
    #[track_caller]
    pub(crate) fn owned(future: F) -> Self {
        Self { future, site: raw::site(), is_owned: true }
    }
}

impl<F: Future> Future for Sited<F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        // SAFETY: the future is not moved out of the pinned value.
        let this = unsafe { self.get_unchecked_mut() };
        let _inside = Inside::begin((Some(this.site), this.is_owned));
        // SAFETY: as above.
        unsafe { Pin::new_unchecked(&mut this.future) }.poll(context)
    }
}

/// A call for a place, until the value is dropped.
pub(crate) struct Inside((Option<Site>, bool));

impl Inside {
    #[inline]
    fn begin(place: (Option<Site>, bool)) -> Self {
        Self(PLACE.replace(place))
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
    Inside::begin((Some(raw::site()), true))
}

/// The place that is asked for, and whether the guard owns its lock. Else the caller's.
#[inline]
#[track_caller]
pub(crate) fn place() -> (Site, bool) {
    let (site, is_owned) = PLACE.get();
    (site.unwrap_or(raw::site()), is_owned)
}

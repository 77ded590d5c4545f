//! What a task awaits that others give it, told where a poll ends in vain.

use super::sited::{is_inside, place, within};
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::__syncscope::instrumented_sync::raw::task::{self, Await};
use std::__syncscope::instrumented_sync::raw::{Identity, Kind, Site};

/// The channels, called as the modules that they are in.
pub(crate) mod channel {
    #![expect(non_camel_case_types, reason = "users know them by these names")]

    /// The messages of a channel.
    type Of<T> = core::marker::PhantomData<T>;

    pub(crate) struct mpsc<T>(Of<T>);
    pub(crate) struct oneshot<T>(Of<T>);
    pub(crate) struct broadcast<T>(Of<T>);
    pub(crate) struct watch<T>(Of<T>);
}

/// The result of a poll for what `identity` gives, at the caller's place.
#[inline]
#[track_caller]
pub(crate) fn given<R>(
    identity: &Identity,
    kind: &'static Kind,
    what: Await,
    result: Poll<R>,
) -> Poll<R> {
    given_at(identity, kind, what, place().0, result)
}

/// As [`given`], where the poll is woken by this waker.
#[inline]
#[track_caller]
pub(crate) fn given_to<R>(
    identity: &Identity,
    kind: &'static Kind,
    what: Await,
    waker: &Waker,
    result: Poll<R>,
) -> Poll<R> {
    if result.is_pending() && !is_inside() {
        identity.task_awaits_given(kind, what, (place().0, waker.data()));
    }
    result
}

/// As [`given`], for this place.
#[inline]
pub(crate) fn given_at<R>(
    identity: &Identity,
    kind: &'static Kind,
    what: Await,
    site: Site,
    result: Poll<R>,
) -> Poll<R> {
    if result.is_pending() && !is_inside() {
        identity.task_awaits_given(kind, what, (site, core::ptr::null()));
    }
    result
}

/// The result of a poll for a time. The crate's own calls, as that of a timeout, say nothing of the user's.
#[inline]
#[track_caller]
pub(crate) fn timed<R>(result: Poll<R>) -> Poll<R> {
    task::polls_time(result.is_pending());
    let (site, _) = place();
    if result.is_pending() && !is_inside() && !is_own(site) {
        task::awaits_time(site);
    }
    result
}

/// Whether a place is in this crate, or in `core`, which polls what it is lent.
#[cold]
fn is_own(site: Site) -> bool {
    let own = file!();
    let folder = own.len() - "__syncscope/given.rs".len();
    let file = site.file();
    file.starts_with(&own[..folder]) || file.starts_with("/rustc/")
}

/// A future that waits for what `identity` gives. What it polls itself is part of that.
pub(crate) struct Given<'a, F> {
    future: F,
    identity: &'a Identity,
    kind: &'static Kind,
    what: Await,
}

impl<'a, F> Given<'a, F> {
    #[inline]
    pub(crate) fn new(future: F, identity: &'a Identity, kind: &'static Kind, what: Await) -> Self {
        Self { future, identity, kind, what }
    }
}

impl<F: Future> Future for Given<'_, F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        // SAFETY: the future is not moved out of the pinned value.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: as above.
        let future = unsafe { Pin::new_unchecked(&mut this.future) };
        let result = within(|| future.poll(context));
        given_to(this.identity, this.kind, this.what, context.waker(), result)
    }
}

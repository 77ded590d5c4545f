//! A lock of tasks, told as it is queued for, acquired and let go.

use super::sited::place;
use crate::sync::batch_semaphore as real;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::__syncscope::instrumented_sync::raw::task::{Given, Queued};
use std::__syncscope::instrumented_sync::raw::{Identity, Kind, Mode, Site};

/// A lock, in what is acquired of it.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) identity: &'a Identity,
    pub(crate) kind: &'static Kind,
    pub(crate) mode: Mode,
    /// Permits of a semaphore from the beginning; 0 for a lock.
    pub(crate) all: u32,
}

impl Wanted<'_> {
    #[inline]
    pub(crate) fn hold(&self, is_bounded: bool, (site, is_owned): (Site, bool), future: *const ()) {
        self.identity.task_holds(self.kind, self.mode, is_bounded, (site, future));
        if is_owned {
            self.identity.task_may_pass_on(self.kind);
        }
    }
}

/// As the real one, which it holds.
pub(crate) struct Acquire<'a> {
    real: real::Acquire<'a>,
    wanted: Wanted<'a>,
    waits: bool,
    queued: Queued,
}

impl<'a> Acquire<'a> {
    #[inline]
    pub(crate) fn new(real: real::Acquire<'a>, wanted: Wanted<'a>) -> Self {
        Self { real, wanted, waits: false, queued: Queued::default() }
    }

    fn withdraw(&mut self) {
        if core::mem::take(&mut self.waits) {
            let Wanted { identity, kind, mode, .. } = self.wanted;
            identity.task_withdraws(kind, mode, &mut self.queued);
        }
    }
}

impl Future for Acquire<'_> {
    type Output = Result<(), real::AcquireError>;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: the real one is not moved out of the pinned value.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: as above.
        let result = unsafe { Pin::new_unchecked(&mut this.real) }.poll(context);
        let Wanted { identity, kind, mode, all } = this.wanted;
        let future: *const () = core::ptr::from_ref(&this.real).cast();
        match &result {
            Poll::Pending => {
                let given = Given { future, ask: real::Acquire::__is_given };
                // SAFETY: as above; it is withdrawn when it is dropped, before its fields are.
                unsafe {
                    let queued = Pin::new_unchecked(&mut this.queued);
                    let woken_by = (place().0, context.waker().data());
                    identity.task_awaits(kind, mode, woken_by, (queued, given));
                }
                if !core::mem::replace(&mut this.waits, true) && all != 0 {
                    identity.task_knows_permits(all);
                }
            }
            Poll::Ready(Ok(())) if this.waits => {
                this.waits = false;
                let (site, is_owned) = place();
                identity.task_arrived(kind, mode, (site, future), &mut this.queued);
                if is_owned {
                    identity.task_may_pass_on(kind);
                }
            }
            Poll::Ready(Ok(())) => this.wanted.hold(false, place(), future),
            Poll::Ready(Err(_)) => this.withdraw(),
        }
        result
    }
}

impl Drop for Acquire<'_> {
    fn drop(&mut self) {
        self.withdraw();
    }
}

//! Who has connections, and who waits for one.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::__syncscope::instrumented_sync::raw::task::{Given, Queued};
use std::__syncscope::instrumented_sync::raw::{Identity, Kind, Mode};

pub(crate) use std::__syncscope::instrumented_sync::raw::{Site, site};

/// The connections of a pool, of which each is one permit.
pub(crate) struct Connections(Identity);

impl Connections {
    pub(crate) fn new(site: Site) -> Self {
        Self(Identity::at(site))
    }

    /// The task that is polled has one.
    pub(crate) fn hold(&self, site: Site) {
        self.0.task_holds(Kind::PERMITS, Mode::Shared, true, (site, core::ptr::null()));
    }

    /// It waits by `future` for one of so many.
    pub(crate) fn wait<F>(&self, all: u32, site: Site, future: F) -> Wait<'_, F> {
        Wait { connections: self, all, site, waits: false, queued: Queued::default(), future }
    }

    /// Right before one is given back, by whomever.
    pub(crate) fn release(&self) {
        self.0.release(Mode::Shared);
    }
}

/// A wait for a connection.
pub(crate) struct Wait<'a, F> {
    connections: &'a Connections,
    all: u32,
    site: Site,
    waits: bool,
    queued: Queued,
    future: F,
}

impl<F> Wait<'_, F> {
    fn end(&mut self) {
        if core::mem::take(&mut self.waits) {
            let identity = &self.connections.0;
            identity.task_withdraws(Kind::PERMITS, Mode::Shared, &mut self.queued);
        }
    }
}

impl<F: Future> Future for Wait<'_, F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        // SAFETY: nothing is moved out of the pinned value.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: as above.
        let result = unsafe { Pin::new_unchecked(&mut this.future) }.poll(context);
        if result.is_ready() {
            this.end();
            return result;
        }
        let identity = &this.connections.0;
        if !core::mem::replace(&mut this.waits, true) {
            identity.knows_permits(this.all);
        }
        let given = Given { future: core::ptr::null(), ask: is_given };
        let woken_by = (this.site, context.waker().data());
        // SAFETY: it is pinned, and withdrawn when it is dropped, before its fields are.
        unsafe {
            let queued = Pin::new_unchecked(&mut this.queued);
            identity.task_awaits(Kind::PERMITS, Mode::Shared, woken_by, (queued, given));
        }
        result
    }
}

/// Nothing is handed over: who is woken looks again.
unsafe fn is_given(_future: *const ()) -> bool {
    false
}

impl<F> Drop for Wait<'_, F> {
    fn drop(&mut self) {
        self.end();
    }
}

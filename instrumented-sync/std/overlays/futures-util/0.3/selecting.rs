//! `select!` and `select_biased!`: what their code calls is found here.

use super::shadow::thread_local;
use super::shadow::vec::Vec;
use super::{Beside, select_is_pending, select_may_end_in_time};
use core::cell::{Cell, RefCell};
use core::future::Future;
use core::panic::Location;
use core::pin::Pin;
use core::task::{Context, Poll};

/// As the crate's own module, but for what tells apart the futures of a `select!`.
pub mod future {
    pub use super::{Polled as FutureExt, poll_fn};
    pub use crate::future::*;
}

/// What is kept of one `select!`.
#[derive(Debug)]
struct Arms {
    /// Beside its futures, by their addresses.
    beside: RefCell<Vec<(usize, Beside)>>,
    /// Where it is.
    site: &'static Location<'static>,
    /// Some of its futures may end after a time, and the others with them.
    is_limited: bool,
    /// In this poll one has left a time pending.
    has_time: Cell<bool>,
}

thread_local! {
    /// Those of the innermost `select!` that is polled, and the waker that it is polled with.
    static POLLED: Cell<(*const Arms, *const ())> = const { Cell::new((core::ptr::null(), core::ptr::null())) };
}

/// Sets what is polled, until the value is dropped.
struct Polling((*const Arms, *const ()));

impl Polling {
    fn begin(arms: *const Arms, waker: *const ()) -> Self {
        Self(POLLED.replace((arms, waker)))
    }
}

impl Drop for Polling {
    fn drop(&mut self) {
        POLLED.set(self.0);
    }
}

/// As the crate's own. The futures that `poll` polls are told apart.
#[track_caller]
pub fn poll_fn<T, F: FnMut(&mut Context<'_>) -> Poll<T>>(poll: F) -> Selecting<F> {
    let site = Location::caller();
    let is_limited = select_may_end_in_time(site);
    let (beside, has_time) = Default::default();
    Selecting { arms: Arms { beside, site, is_limited, has_time }, poll }
}

/// The future of [`poll_fn`].
#[derive(Debug)]
pub struct Selecting<F> {
    // They are dropped first.
    arms: Arms,
    poll: F,
}

impl<F> Unpin for Selecting<F> {}

impl<T, F: FnMut(&mut Context<'_>) -> Poll<T>> Future for Selecting<F> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let this = &mut *self;
        this.arms.has_time.set(false);
        let _polling = Polling::begin(&this.arms, context.waker().data());
        let result = (this.poll)(context);
        if result.is_pending() {
            select_is_pending(this.arms.site, this.arms.has_time.get());
        }
        result
    }
}

/// A future that the code of a `select!` polls.
pub trait Polled: Future {
    /// As the crate's own.
    fn poll_unpin(&mut self, context: &mut Context<'_>) -> Poll<Self::Output>;
}

impl<F: Future> Polled for Pin<&mut F> {
    #[track_caller]
    fn poll_unpin(&mut self, context: &mut Context<'_>) -> Poll<F::Output> {
        let (arms, waker) = POLLED.get();
        // With another waker it is not that `select!` that polls it, but one that has a `default`. What has no size has no place of its own.
        if arms.is_null() || waker != context.waker().data() || size_of::<F>() == 0 {
            return self.as_mut().poll(context);
        }
        // SAFETY: they belong to a future further up on this thread's stack, which is polled now.
        let Arms { beside: arms, is_limited, has_time, .. } = unsafe { &*arms };
        let place = core::ptr::from_ref(&**self).addr();
        let known = arms.borrow().iter().position(|(at, _)| *at == place);
        let mut beside = match known {
            Some(at) => arms.borrow_mut().swap_remove(at).1,
            None => Beside::limited(*is_limited),
        };
        let _polling = Polling::begin(core::ptr::null(), core::ptr::null());
        let result = beside.poll(self.as_mut(), context, |future, context| future.poll(context));
        if result.is_pending() {
            has_time.set(has_time.get() | beside.awaits_time());
            arms.borrow_mut().push((place, beside));
        }
        result
    }
}

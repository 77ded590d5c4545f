//! The future of a task, inside of what its runtime wraps it in.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::__syncscope::instrumented_sync::raw::task::lies_at;

/// A future that tells where it lies, each time that it is polled.
pub(crate) struct Whole<F>(pub(crate) F);

impl<F: Future> Future for Whole<F> {
    type Output = F::Output;

    #[inline]
    #[track_caller]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        // SAFETY: the future is pinned as this is.
        let future = unsafe { self.map_unchecked_mut(|this| &mut this.0) };
        lies_at(&*future);
        future.poll(context)
    }
}

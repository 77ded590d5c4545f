//! The real end of a channel.
//!
//! Its code is std's: partly compiled with the program, partly with std. Where all accesses of a program are checked, only one part of what that code
//! does would be seen, so it is left alone as a whole. What orders the messages is told by the mirrors; that a bounded channel has room again, by its atomics.

use crate::rt::hook::{self, Order};
use std::ops::Deref;

/// A real end, which is used by [`call`](Self::call).
pub(super) struct RealEnd<E> {
    // In this order, so that dropping the end comes between them.
    begins: DropBegins,
    end: E,
    _ends: DropEnds,
}

/// When it is dropped, the real end is about to be.
struct DropBegins(Order);
/// When it is dropped, the real end has been.
struct DropEnds(Order);

impl<E> RealEnd<E> {
    pub(super) fn new(end: E, order: Order) -> Self {
        Self { begins: DropBegins(order), end, _ends: DropEnds(order) }
    }

    /// What orders those who use the channel.
    #[inline]
    pub(super) fn order(&self) -> Order {
        self.begins.0
    }

    /// Calls the real end.
    #[inline]
    pub(super) fn call<R>(&self, body: impl FnOnce(&E) -> R) -> R {
        body(&self.enter())
    }

    /// The real end. Until this is dropped, nothing that the thread does is checked.
    #[inline(always)]
    pub(super) fn enter(&self) -> Entered<'_, E> {
        hook::enters_std(self.order());
        Entered(self)
    }
}

/// A real end that is used.
pub(super) struct Entered<'a, E>(&'a RealEnd<E>);

impl<E> Deref for Entered<'_, E> {
    type Target = E;

    #[inline(always)]
    fn deref(&self) -> &E {
        &self.0.end
    }
}

impl<E> Drop for Entered<'_, E> {
    #[inline(always)]
    fn drop(&mut self) {
        hook::leaves_std(self.0.order());
    }
}

impl<E: Clone> Clone for RealEnd<E> {
    fn clone(&self) -> Self {
        Self::new(self.call(E::clone), self.order())
    }
}

impl Drop for DropBegins {
    #[inline]
    fn drop(&mut self) {
        hook::enters_std(self.0);
    }
}

impl Drop for DropEnds {
    #[inline]
    fn drop(&mut self) {
        hook::leaves_std(self.0);
    }
}

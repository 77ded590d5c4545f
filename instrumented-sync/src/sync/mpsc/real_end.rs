//! The real end of a channel.
//!
//! Its code is std's: partly compiled with the program, partly with std. Where all accesses of a program are checked, only one part of what that code
//! does would be seen, so it is left alone as a whole. What orders the messages is told by the mirrors.

use crate::rt::hook;

/// A real end, which is used by [`call`](Self::call).
pub(super) struct RealEnd<E> {
    // In this order, so that dropping the end comes between them.
    _begins: DropBegins,
    end: E,
    _ends: DropEnds,
}

/// When it is dropped, the real end is about to be.
struct DropBegins;
/// When it is dropped, the real end has been.
struct DropEnds;

impl<E> RealEnd<E> {
    pub(super) fn new(end: E) -> Self {
        Self { _begins: DropBegins, end, _ends: DropEnds }
    }

    /// Calls the real end.
    #[inline]
    pub(super) fn call<R>(&self, body: impl FnOnce(&E) -> R) -> R {
        hook::in_std(|| body(&self.end))
    }
}

impl<E: Clone> Clone for RealEnd<E> {
    fn clone(&self) -> Self {
        Self::new(self.call(E::clone))
    }
}

impl Drop for DropBegins {
    #[inline]
    fn drop(&mut self) {
        hook::enters_std();
    }
}

impl Drop for DropEnds {
    #[inline]
    fn drop(&mut self) {
        hook::leaves_std();
    }
}

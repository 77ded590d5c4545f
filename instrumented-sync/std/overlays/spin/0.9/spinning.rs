//! A thread that spins until it has a lock.

use super::{Blocked, Patience};

/// The turns of one acquisition.
pub(crate) struct Spinning<'a> {
    /// Publishes the wait; `None` for locks whose users tell the runtime themselves.
    block: Option<&'a dyn Fn() -> Blocked<'a>>,
    patience: Patience,
    blocked: Option<Blocked<'a>>,
}

impl<'a> Spinning<'a> {
    #[inline]
    pub(crate) fn new(block: &'a dyn Fn() -> Blocked<'a>) -> Self {
        Self { block: Some(block), patience: Patience::new(), blocked: None }
    }

    /// Nobody is told.
    #[inline]
    pub(crate) fn unseen() -> Self {
        Self { block: None, patience: Patience::new(), blocked: None }
    }

    /// It has not come yet.
    ///
    /// # Panics
    ///
    /// When the wait completes a deadlock and the chosen response is to panic.
    #[inline]
    pub(crate) fn turn(&mut self) {
        if self.blocked.is_none() && self.patience.turn() {
            self.blocked = self.block.map(|block| block());
        }
    }

    /// It has come: gives the wait, if it was published.
    #[inline]
    pub(crate) fn end(self) -> Option<Blocked<'a>> {
        self.blocked
    }
}

//! A gate that one may pass at a time: what [`Lock`](super::Lock) and [`ReentrantLock`](super::ReentrantLock) have in common.

use super::monitor::{Monitor, Published};
use crate::limits::Limit;
use std::sync::Condvar;

/// Open or closed; whoever passes closes it behind.
#[derive(Debug)]
pub(super) struct Gate {
    closed: Monitor<bool>,
    opened: Condvar,
}

impl Gate {
    pub(super) const fn new() -> Self {
        Self { closed: Monitor::new(false), opened: Condvar::new() }
    }

    /// Passes if the gate is open.
    pub(super) fn try_pass(&self) -> bool {
        pass(&mut self.closed.enter()).is_some()
    }

    /// Passes, waiting until the gate is open; `false` when the limit was reached. Nothing is published.
    pub(super) fn pass(&self, limit: Limit) -> bool {
        self.closed.sleep(&self.opened, limit, pass).is_some()
    }

    /// As [`pass`](Self::pass), published.
    pub(super) fn pass_published(&self, limit: Limit, published: Published<'_>) -> bool {
        self.closed.wait(&self.opened, limit, published, pass).is_some()
    }

    /// Opens the gate; `false` when it was open.
    pub(super) fn open(&self) -> bool {
        let was_closed = std::mem::replace(&mut *self.closed.enter(), false);
        if was_closed {
            self.opened.notify_one();
        }
        was_closed
    }

    pub(super) fn is_closed(&self) -> bool {
        *self.closed.enter()
    }
}

fn pass(closed: &mut bool) -> Option<()> {
    (!std::mem::replace(closed, true)).then_some(())
}

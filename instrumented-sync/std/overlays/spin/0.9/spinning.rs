//! A thread that spins until it has a lock.

use super::Blocked;
use super::shadow::time::{Duration, Instant};

/// How long a thread spins before it counts as one that waits. Most locks come much sooner, and a guard that was sent to another thread
/// has been dropped by then, which tells that guards of its kind are sent.
const PATIENCE: Duration = Duration::from_secs(1);

/// Turns between two looks at the clock.
const TURNS: u32 = 64;

/// The turns of one acquisition.
pub(crate) struct Spinning<'a> {
    /// Publishes the wait; `None` for locks whose users tell the runtime themselves.
    block: Option<&'a dyn Fn() -> Blocked<'a>>,
    turns: u32,
    since: Option<Instant>,
    blocked: Option<Blocked<'a>>,
}

impl<'a> Spinning<'a> {
    #[inline]
    pub(crate) fn new(block: &'a dyn Fn() -> Blocked<'a>) -> Self {
        Self { block: Some(block), turns: 0, since: None, blocked: None }
    }

    /// Nobody is told.
    #[inline]
    pub(crate) fn unseen() -> Self {
        Self { block: None, turns: 0, since: None, blocked: None }
    }

    /// It has not come yet.
    ///
    /// # Panics
    ///
    /// When the wait completes a deadlock and the chosen response is to panic.
    #[inline]
    pub(crate) fn turn(&mut self) {
        self.turns = self.turns.wrapping_add(1);
        if self.turns % TURNS == 0 && self.blocked.is_none() {
            self.look();
        }
    }

    #[cold]
    fn look(&mut self) {
        let Some(block) = self.block else { return };
        match self.since {
            None => self.since = Some(Instant::now()),
            Some(since) if since.elapsed() >= PATIENCE => self.blocked = Some(block()),
            Some(_) => {}
        }
    }

    /// It has come: gives the wait, if it was published.
    #[inline]
    pub(crate) fn end(self) -> Option<Blocked<'a>> {
        self.blocked
    }
}

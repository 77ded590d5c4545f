//! How long a thread spins before it counts as one that waits.

use super::shadow::time::{Duration, Instant};

/// Most waits are over much sooner, and a guard that was sent to another thread has been dropped by then, which tells that guards of
/// its kind are sent.
const LONGEST: Duration = Duration::from_secs(1);

/// Turns between two looks at the clock.
const TURNS: u32 = 64;

/// The patience of one thread in one wait.
pub(crate) struct Patience {
    turns: u32,
    since: Option<Instant>,
}

impl Patience {
    #[inline]
    pub(crate) fn new() -> Self {
        Self { turns: 0, since: None }
    }

    /// Another turn: says whether the patience is over, now and then.
    #[inline]
    pub(crate) fn turn(&mut self) -> bool {
        self.turns = self.turns.wrapping_add(1);
        self.turns % TURNS == 0 && self.is_over()
    }

    #[cold]
    fn is_over(&mut self) -> bool {
        match self.since {
            None => {
                self.since = Some(Instant::now());
                false
            }
            Some(since) => since.elapsed() >= LONGEST,
        }
    }
}
